import type { RpcSession } from '../../rpc/server'
import type { FinalizedHead } from './finalized-head'

/** Clients that want every new finalized head. */
export class HeadSubscribers {
  private readonly sessions = new Map<string, RpcSession>()
  private count = 0

  constructor(private readonly head: () => FinalizedHead) {}

  subscribe(session: RpcSession): string {
    this.count += 1
    const id = `finalized${this.count}`
    this.sessions.set(id, session)
    session.onClose(() => this.sessions.delete(id))
    setImmediate(() => this.notify(id, session))
    return id
  }

  unsubscribe(id: string): boolean {
    return this.sessions.delete(id)
  }

  announce(): void {
    for (const [id, session] of this.sessions) this.notify(id, session)
  }

  private notify(id: string, session: RpcSession): void {
    const header = this.head().current?.header
    if (header) session.notify('chain_finalizedHead', id, header)
  }
}
