import type { EventType } from '../../log/catalogue'
import { CommandLog } from '../../platform/core/command-log'
import type { PlatformDraft } from '../../platform/core/platform-event'
import { Projector } from '../../projections/projector'
import { NETUID, START_MS } from './test-caster-cast'

/** A platform log that a test writes event by event: the real log, real projections, no commands. */
export class TestCasterLog {
  private constructor(private readonly commands: CommandLog<object>) {}

  static async open(databaseUrl: string, clock = () => START_MS): Promise<TestCasterLog> {
    const projector = new Projector()
    const decider = { system: 'caster', initial: () => ({}), evolve: () => undefined }
    const commands = await CommandLog.open<object>(decider, {
      databaseUrl,
      netuid: NETUID,
      clock,
      project: (client, events) => projector.apply(client, events),
      onRollback: () => projector.reset(),
    })
    return new TestCasterLog(commands)
  }

  /** In one command, tied to the newest indexed block. */
  add(...events: PlatformDraft<EventType>[]): Promise<void> {
    return this.commands.execute(() => ({ events, reply: undefined }))
  }

  close(): Promise<void> {
    return this.commands.close()
  }
}
