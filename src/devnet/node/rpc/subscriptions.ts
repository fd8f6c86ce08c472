import type { RpcSession } from '../../../rpc/server'

/** The open subscriptions of all clients; each ends with its connection. */
export class Subscriptions {
  private nextId = 1
  private readonly stops = new Map<string, () => void>()
  /** One look at the end of each connection, however many subscriptions it opens and closes. */
  private readonly idsOf = new WeakMap<RpcSession, Set<string>>()

  /**
   * Opens a subscription and gives its id.
   * @param start gets a function that notifies the client, and returns what ends the source. It is called at once;
   *   `first` is sent after the client has its id.
   */
  open(
    session: RpcSession,
    notification: string,
    start: (notify: (result: unknown) => void) => () => void,
    first: () => readonly unknown[] = () => [],
  ): string {
    const id = `devnet-${this.nextId++}`
    const notify = (result: unknown) => session.notify(notification, id, result)
    // What happens before the client knows its id waits in this queue.
    let early: unknown[] | undefined = []
    const stop = start((result) => (early ? early.push(result) : notify(result)))
    const initial = first()
    this.stops.set(id, stop)
    this.opened(session).add(id)
    setImmediate(() => {
      const waiting = early ?? []
      early = undefined
      if (this.stops.has(id)) for (const result of [...initial, ...waiting]) notify(result)
    })
    return id
  }

  private opened(session: RpcSession): Set<string> {
    const known = this.idsOf.get(session)
    if (known) return known
    const ids = new Set<string>()
    this.idsOf.set(session, ids)
    session.onClose(() => {
      for (const id of ids) this.close(id)
    })
    return ids
  }

  close(id: unknown): boolean {
    const stop = typeof id === 'string' ? this.stops.get(id) : undefined
    if (!stop) return false
    stop()
    return this.stops.delete(id as string)
  }

  closeAll(): void {
    for (const id of [...this.stops.keys()]) this.close(id)
  }
}
