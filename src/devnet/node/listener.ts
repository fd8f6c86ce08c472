import type { RpcServer } from '../../rpc/server'
import type { Subscriptions } from './rpc/subscriptions'

/** Makes blocks by the clock. */
export class Pace {
  private timer?: NodeJS.Timeout

  constructor(private readonly produce: () => unknown) {}

  set(blockTimeMs: number): void {
    clearInterval(this.timer)
    this.timer = blockTimeMs > 0 ? setInterval(this.produce, blockTimeMs) : undefined
  }
}

/** The server, which may be away for a while and comes back on the same port. */
export class Listener {
  private away = false

  constructor(
    public server: RpcServer,
    private readonly listen: (port: number) => Promise<RpcServer>,
    private readonly subscriptions: Subscriptions,
  ) {}

  async unreachable(is: boolean): Promise<void> {
    if (is === this.away) return
    this.away = is
    if (is) await this.server.close()
    else this.server = await this.listen(this.server.port)
  }

  async close(): Promise<void> {
    this.subscriptions.closeAll()
    if (!this.away) await this.server.close()
  }
}
