import { connect } from '../../database/connect'
import { LogWriter, type LogWriterOptions } from '../../database/log-writer'
import { LedgerError } from '../../errors/ledger-error'
import type { EventType } from '../../log/catalogue'
import type { EventDraft, LogEvent } from '../../log/envelope'
import { readEvents } from '../../log/read'
import { streamEvents } from '../../log/stream'
import { type Blob, writeBlobs } from './blobs'
import type { Command, Decider, Moment } from './decider'
import type { PlatformEvent } from './platform-event'

export interface CommandLogOptions extends Pick<LogWriterOptions, 'project' | 'onRollback'> {
  readonly databaseUrl: string
  readonly netuid: number
  /** ms since the Unix epoch */
  readonly clock: () => number
  /** Told of everything that was committed, in order. */
  readonly onEvents?: (events: readonly LogEvent[]) => void
}

/** Commands that wait; beyond it new ones are refused until the database catches up. */
const QUEUE_MAX_COMMANDS = 10_000
/** Commands decided and committed together: one disk flush serves them all. */
const BATCH_MAX_COMMANDS = 256

interface Waiting {
  readonly run: (moment: Moment) => void
  readonly commit: () => void
  readonly fail: (error: unknown) => void
}

/**
 * One subnet's platform log as a queue of commands. They are decided one after the other, each on the state that the one before
 * left, and answered when their events are committed. A commit that fails throws the state away: it is read again from the log.
 */
export class CommandLog<State> {
  private readonly queue: Waiting[] = []
  private drafts: EventDraft[] = []
  private blobs: Blob[] = []
  private working: Promise<void> | undefined
  private closed = false
  private isStale = false

  private constructor(
    private readonly decider: Decider<State>,
    private readonly options: CommandLogOptions,
    private readonly writer: LogWriter,
    private current: State,
  ) {}

  /** @throws LedgerError SL-SECOND-WRITER, SL-DB-… */
  static async open<State>(decider: Decider<State>, options: CommandLogOptions): Promise<CommandLog<State>> {
    const { databaseUrl: url, netuid } = options
    const writer = await LogWriter.open({ ...options, url, log: 'platform' })
    try {
      return new CommandLog(decider, options, writer, await replay(decider, url, netuid))
    } catch (error) {
      await writer.close()
      throw error
    }
  }

  get netuid(): number {
    return this.options.netuid
  }

  get system(): string {
    return this.decider.system
  }

  /** For reads between commands. Holds what is decided, a moment before it is committed; never to be changed. */
  get state(): Readonly<State> {
    return this.current
  }

  now(): number {
    return this.options.clock()
  }

  /**
   * Decides a command and commits its events; then the reply is given.
   * @throws LedgerError SL-PLATFORM-BUSY, SL-PLATFORM-CLOSED, SL-COMMIT-FAILED; whatever the command itself throws
   */
  execute<Reply>(command: Command<State, Reply>): Promise<Reply> {
    if (this.closed) return Promise.reject(closedError())
    if (this.queue.length >= QUEUE_MAX_COMMANDS) return Promise.reject(busyError())
    return new Promise<Reply>((resolve, reject) => {
      let reply: Reply
      this.queue.push({
        run: (moment) => {
          const decided = command(this.current, moment)
          for (const event of decided.events) this.take(event, moment)
          if (decided.blobs) this.blobs.push(...decided.blobs)
          reply = decided.reply
        },
        commit: () => resolve(reply),
        fail: reject,
      })
      this.working ??= this.work()
    })
  }

  /** Whether the log holds an event of this type. */
  async has(type: EventType): Promise<boolean> {
    const client = await connect(this.options.databaseUrl)
    try {
      const range = { log: 'platform', netuid: this.netuid, types: [type], limitEvents: 1 } as const
      return (await readEvents(client, range)).length > 0
    } finally {
      await client.end()
    }
  }

  /** Lets what was accepted finish, then gives up the log. */
  async close(): Promise<void> {
    this.closed = true
    await this.working
    await this.writer.close()
  }

  private take(event: Omit<PlatformEvent, 'height' | 'blockTime'>, moment: Moment): void {
    const { height, blockHash, blockTime, subnetInstance } = moment
    const at = { height, blockHash, blockTime, subnetInstance }
    const draft: EventDraft = { log: 'platform', netuid: this.netuid, ...at, ...event }
    this.drafts.push(draft)
    this.decider.evolve(this.current, draft)
  }

  private async work(): Promise<void> {
    // Commands that come in the same turn of the event loop go together.
    await Promise.resolve()
    while (this.queue.length > 0) await this.workBatch(this.queue.splice(0, BATCH_MAX_COMMANDS))
    this.working = undefined
  }

  private async workBatch(batch: readonly Waiting[]): Promise<void> {
    let decided: Waiting[] = []
    try {
      if (this.isStale) await this.reload()
      const moment = { ...(await this.writer.anchor()), timeMs: this.options.clock() }
      decided = this.decide(batch, moment)
      const { drafts, blobs } = this
      this.drafts = []
      this.blobs = []
      const events =
        drafts.length > 0 ? await this.writer.commit(drafts, (client) => writeBlobs(client, blobs)) : []
      for (const waiting of decided) waiting.commit()
      if (events.length > 0) this.options.onEvents?.(events)
    } catch (error) {
      this.drafts = []
      this.blobs = []
      this.isStale = true
      const failure = error instanceof LedgerError ? error : commitFailed(error)
      for (const waiting of batch) waiting.fail(failure)
    }
  }

  /** A command that throws is answered alone; it must not have evolved the state before it throws. */
  private decide(batch: readonly Waiting[], moment: Moment): Waiting[] {
    const decided: Waiting[] = []
    for (const waiting of batch) {
      try {
        waiting.run(moment)
        decided.push(waiting)
      } catch (error) {
        waiting.fail(error)
      }
    }
    return decided
  }

  private async reload(): Promise<void> {
    this.current = await replay(this.decider, this.options.databaseUrl, this.netuid)
    this.isStale = false
  }
}

async function replay<State>(decider: Decider<State>, url: string, netuid: number): Promise<State> {
  const state = decider.initial(netuid)
  const client = await connect(url)
  try {
    for await (const events of streamEvents(client, { log: 'platform', netuid })) {
      for (const event of events) decider.evolve(state, event)
    }
  } finally {
    await client.end()
  }
  return state
}

const busyError = () =>
  new LedgerError('SL-PLATFORM-BUSY', 'retryable', 'Too many commands wait already.', {
    remedy: 'Send it again in a few seconds; nothing of it was recorded.',
  })

const closedError = () =>
  new LedgerError('SL-PLATFORM-CLOSED', 'retryable', 'The platform is stopping.', {
    remedy: 'Send it again when it is back; nothing of it was recorded.',
  })

const commitFailed = (cause: unknown) =>
  new LedgerError('SL-COMMIT-FAILED', 'retryable', 'The command could not be recorded.', {
    remedy: 'Send it again: nothing of it was recorded. If this comes back, look at the log of the platform.',
    cause,
  })
