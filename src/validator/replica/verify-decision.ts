import { type Audit, auditDecision, pointOf } from '../../engine/audit'
import type { SubnetSystem } from '../../engine/system'
import { LedgerError } from '../../errors/ledger-error'
import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent, LogName } from '../../log/envelope'
import type { Versioned } from '../../mechanisms/policy-history'
import { projections } from '../../projections/all'
import { MemoryRows } from '../../projections/core/memory-rows'
import type { Projection } from '../../projections/fold/projection'
import { LogReplica } from './log-replica'

export interface ReplicaOptions {
  readonly apiUrl: string
  readonly netuid: number
  readonly system: SubnetSystem
  /** Where the logs are kept between runs. */
  readonly folder: string
}

const LOGS: readonly LogName[] = ['chain', 'platform', 'engine']

/** A decision that was computed again from events whose hashes were checked one by one. */
export interface VerifiedDecision {
  readonly event: LogEvent
  readonly audit: Audit
}

/** Own copies of a subnet's three logs, and the decisions computed again from them alone. */
export class SubnetReplica {
  private constructor(
    private readonly options: ReplicaOptions,
    private readonly logs: ReadonlyMap<LogName, LogReplica>,
  ) {}

  static async open(options: ReplicaOptions): Promise<SubnetReplica> {
    const { apiUrl, netuid, folder } = options
    const logs = new Map<LogName, LogReplica>()
    for (const log of LOGS) logs.set(log, await LogReplica.open({ apiUrl, log, netuid }, folder))
    return new SubnetReplica(options, logs)
  }

  log(name: LogName): LogReplica {
    return this.logs.get(name)!
  }

  /**
   * Verifies one decision: fetches the logs up to what it read, hashes every event, compares the roots that it names, folds the
   * rows in memory and decides again.
   * @throws LedgerError SL-NO-DECISION, SL-DECISION-DIFFERS, SL-REPLICA-…
   */
  async verify(seq: number): Promise<VerifiedDecision> {
    const { netuid, system } = this.options
    await this.log('engine').sync(seq + 1)
    const event = this.log('engine').events[seq]!
    if (event.type !== 'DecisionMade') {
      throw new LedgerError(
        'SL-NO-DECISION',
        'user',
        `Event ${seq} of the engine log of ${netuid} is no decision.`,
        {
          remedy: 'Take the number from the query `decisions`.',
        },
      )
    }
    const point = pointOf(event)
    for (const log of LOGS) await this.log(log).sync(point.sizes[log])
    const rows = new MemoryRows(this.folds())
    for (const log of LOGS) rows.fold(this.log(log).events.slice(0, point.sizes[log]))
    const rootAt = async (log: LogName, size: number) => this.log(log).rootAt(size)
    const audit = await auditDecision(system, event, rows.at(point), rootAt)
    if (!audit.equal) throw differs(event, audit)
    return { event, audit }
  }

  /**
   * The policy that holds at a block, out of all that the platform has recorded by now; undefined before the first.
   * @throws LedgerError SL-POLICY-INVALID, SL-REPLICA-…
   */
  async policyAt(height: number): Promise<Versioned | undefined> {
    const { system } = this.options
    const log = this.log('platform')
    await log.syncToEnd()
    const recorded = log.events
      .filter(({ type }) => type === 'PolicySet')
      .map(({ payload }) => payload as PayloadOf<'PolicySet'>)
      .filter((payload) => payload.system === system.name)
    return system.policyAt(
      recorded.map(({ policy }) => policy),
      height,
    )
  }

  private folds(): readonly Projection[] {
    return [...new Set([...projections, ...this.options.system.projections])]
  }
}

const differs = (event: LogEvent, { firstDifference, recorded, recomputed }: Audit) =>
  new LedgerError(
    'SL-DECISION-DIFFERS',
    'contradiction',
    `Decision ${event.seq} of subnet ${event.netuid} is not what its logs give.`,
    {
      remedy: 'Do not set these weights. Tell the operator of the API the first difference named here.',
      facts: {
        seq: event.seq,
        firstDifference,
        recorded: JSON.stringify(recorded),
        recomputed: JSON.stringify(recomputed),
      },
    },
  )
