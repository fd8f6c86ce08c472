import { codec } from '@subsquid/ss58'
import type { Pool } from 'pg'

const SS58_PREFIX = 42
const ss58 = codec(SS58_PREFIX)

export const addressOf = (bytes: Buffer): string => ss58.encode(`0x${bytes.toString('hex')}`)

/** Account of an address as bytes; null: it is none. */
export function bytesOf(address: string): Buffer | null {
  try {
    return Buffer.from(ss58.decode(address).slice(2), 'hex')
  } catch {
    return null
  }
}

/** As Python writes it: microseconds, no zone sign of its own. */
export const isoTime = (ms: string | number): string =>
  new Date(Number(ms)).toISOString().replace('Z', '+00:00')

/** Column type of the reference is float4: 0.6 comes back as 0.6000000238418579 (spec bitrecs §4). */
export const float4 = (value: string | number): number => Math.fround(Number(value))

/** Agents with their gist and present status, not banned and not unapproved. */
const AGENTS = `
  select a.agent_id, a.hotkey, a.uid, a.content_sha256, a.reveal_height, a.submitted_at, g.gist_id, g.account, s.status
  from bitrecs_agent a
  join bitrecs_gist g on g.netuid = a.netuid and g.agent_id = a.agent_id
  left join bitrecs_agent_status s on s.netuid = a.netuid and s.agent_id = a.agent_id and s.valid_to is null
  where a.netuid = $1`

const NOT_EXCLUDED = `
  and not exists (select from bitrecs_ban b where b.netuid = a.netuid and b.hotkey = a.hotkey and b.valid_to is null)
  and not exists (select from bitrecs_unapproval u where u.netuid = a.netuid and u.agent_id = a.agent_id)`

export interface AgentRow {
  readonly agent_id: string
  readonly hotkey: Buffer
  readonly uid: number
  readonly content_sha256: string
  readonly reveal_height: number
  readonly submitted_at: string
  readonly gist_id: string
  readonly account: string
  readonly status: string
}

/** The read models of one Bitrecs subnet, as its existing API shows them. */
export class BitrecsReader {
  constructor(
    readonly pool: Pool,
    readonly netuid: number,
  ) {}

  async rows<T extends object>(text: string, ...values: unknown[]): Promise<T[]> {
    return (await this.pool.query<T>(text, [this.netuid, ...values])).rows
  }

  async one<T extends object>(text: string, ...values: unknown[]): Promise<T | undefined> {
    return (await this.rows<T>(text, ...values))[0]
  }

  agents(where = '', ...values: unknown[]): Promise<AgentRow[]> {
    return this.rows<AgentRow>(`${AGENTS} ${NOT_EXCLUDED} ${where}`, ...values)
  }

  /** Also of those who are out. */
  anyAgents(where: string, ...values: unknown[]): Promise<AgentRow[]> {
    return this.rows<AgentRow>(`${AGENTS} ${where}`, ...values)
  }

  async setId(): Promise<
    { set_id: number; created_ms: string; problems: Record<string, string[]> } | undefined
  > {
    return this.one(
      'select set_id, created_ms, problems from bitrecs_set where netuid = $1 and valid_to is null',
    )
  }

  /** Mean score of successful validator evaluations above zero, of at least two validators (spec §3.2). */
  async finalScores(): Promise<Map<string, { score: number; validators: number }>> {
    const rows = await this.rows<{ agent_id: string; score: string; validators: number }>(
      `select agent_id, avg(score) as score, count(distinct validator)::int as validators from bitrecs_evaluation
       where netuid = $1 and kind = 'validator' and end_reason = 'success' and score > 0
         and set_id = (select set_id from bitrecs_set where netuid = $1 and valid_to is null)
       group by agent_id having count(distinct validator) >= 2`,
    )
    return new Map(
      rows.map((row) => [row.agent_id, { score: Number(row.score), validators: row.validators }]),
    )
  }
}
