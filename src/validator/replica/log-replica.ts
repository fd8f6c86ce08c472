import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { LedgerError } from '../../errors/ledger-error'
import { canonicalJson } from '../../log/canonical-json'
import type { Hex, LogEvent } from '../../log/envelope'
import { leafTextOf } from '../../log/leaf'
import { Frontier } from '../../log/merkle/frontier'
import { hashLeaf } from '../../log/merkle/hash'
import { fetchEvents, type LogPlace } from './fetch-events'

/** A log of its own: every event fetched once, kept in a file, its leaf hashed again, its root computed from all of them. */
export class LogReplica {
  readonly events: LogEvent[] = []
  private readonly frontier = new Frontier()
  /** Root by size, for sizes that were asked for before they were passed. */
  private readonly roots = new Map<number, Hex>()

  private constructor(
    private readonly place: LogPlace,
    private readonly file: string,
  ) {}

  /** @param folder where the events are kept between runs */
  static async open(place: LogPlace, folder: string): Promise<LogReplica> {
    mkdirSync(folder, { recursive: true })
    const replica = new LogReplica(place, path.join(folder, `${place.netuid}-${place.log}.jsonl`))
    if (existsSync(replica.file)) await replica.load()
    return replica
  }

  get size(): number {
    return this.frontier.size
  }

  /**
   * Fetches what is missing up to this size.
   * @throws LedgerError SL-REPLICA-LEAF, SL-REPLICA-ANSWER, SL-REPLICA-SHORT, SL-REPLICA-UNREACHABLE
   */
  async sync(size: number): Promise<void> {
    if (this.size >= size) return
    await this.fetchTo(size)
    if (this.size < size) throw this.short(size)
  }

  /** Fetches all that the API has. @throws LedgerError SL-REPLICA-LEAF, SL-REPLICA-ANSWER, SL-REPLICA-UNREACHABLE */
  async syncToEnd(): Promise<void> {
    await this.fetchTo(Number.POSITIVE_INFINITY)
  }

  private async fetchTo(size: number): Promise<void> {
    const file = createWriteStream(this.file, { flags: 'a' })
    try {
      for await (const page of fetchEvents(this.place, this.size)) {
        for (const event of page) this.take(event)
        file.write(page.map((event) => `${canonicalJson(event)}\n`).join(''))
        if (this.size >= size) break
      }
    } finally {
      file.end()
      await finished(file)
    }
  }

  /** Root of the first `size` events, computed from their leaves. */
  rootAt(size: number): Hex {
    const known = this.roots.get(size)
    if (known) return known
    if (size > this.size) throw this.short(size)
    const frontier = new Frontier()
    for (const event of this.events.slice(0, size)) frontier.push(event.leafHash.slice(2), () => undefined)
    const root: Hex = `0x${frontier.root()}`
    this.roots.set(size, root)
    return root
  }

  private take(event: LogEvent): void {
    const { log, netuid } = this.place
    if (event.seq !== this.size || event.log !== log || event.netuid !== netuid) {
      throw this.refuse('SL-REPLICA-ANSWER', `event ${this.size} was expected, event ${event.seq} came`)
    }
    const leaf = hashLeaf(leafTextOf(event))
    if (event.leafHash !== `0x${leaf}`) {
      throw this.refuse('SL-REPLICA-LEAF', `event ${event.seq} has another content than its leaf hash says`)
    }
    this.frontier.push(leaf, () => undefined)
    this.events.push(event)
  }

  /** A line cut off by a crash is fetched again. */
  private async load(): Promise<void> {
    for await (const line of createInterface({ input: createReadStream(this.file) })) {
      try {
        this.take(JSON.parse(line) as LogEvent)
      } catch (cause) {
        if (cause instanceof LedgerError) throw cause
        throw this.refuse(
          'SL-REPLICA-ANSWER',
          `the file ${this.file} is damaged after event ${this.size - 1}`,
        )
      }
    }
  }

  private short(size: number): LedgerError {
    return this.refuse('SL-REPLICA-SHORT', `it gave ${this.size} of ${size} events`)
  }

  private refuse(code: `SL-${string}`, what: string): LedgerError {
    const { apiUrl, log, netuid } = this.place
    return new LedgerError(
      code,
      'contradiction',
      `The ${log} log of ${netuid} from ${apiUrl} is not whole: ${what}.`,
      {
        remedy:
          'Use another API, or remove the replica’s folder if its file is damaged. No weights are set on it.',
        facts: { log, netuid, size: this.size },
      },
    )
  }
}
