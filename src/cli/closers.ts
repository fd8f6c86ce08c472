/** Things opened in order and closed in reverse order, each at most once, whatever fails in between. */
export class Closers {
  private readonly open: { readonly name: string; readonly close: () => Promise<unknown> }[] = []

  add(name: string, close: () => Promise<unknown>): void {
    this.open.push({ name, close })
  }

  /** Closes everything; a failure to close is reported and does not keep the rest open. */
  async closeAll(onFailure: (name: string, error: unknown) => void): Promise<void> {
    for (let last = this.open.pop(); last; last = this.open.pop()) {
      await last.close().catch((error: unknown) => onFailure(last!.name, error))
    }
  }
}
