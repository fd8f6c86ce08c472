import { randomBytes, randomUUID } from 'node:crypto'
import type { Budget } from '../../../mechanisms/caster/budget'
import { isOneOf } from '../../../platform/core/same-secret'
import type { ReportedReceipt, ReportedSession } from '../batch/cell-result'

const TOKEN_BYTES = 16
/** Of the published validators (spec caster §3.1). */
const LIFE_MS = 300_000

/** One script on one claim, as far as tools are concerned. */
export interface ToolSession {
  readonly id: string
  readonly token: string
  readonly uid: number
  readonly openedAtMs: number
  readonly expiresAtMs: number
  readonly receipts: ReportedReceipt[]
  budget: Budget
  /** A call is under way; a second one is refused. */
  isBusy: boolean
  /** Begun so far, whatever came of them. */
  calls: number
  /** Calls that were paid for and then refused; too many of them end the session's tools (gap C9). */
  overruns: number
  isClosed: boolean
  /** Aborted when the session is closed: nobody waits for what is still under way. */
  readonly ending: AbortController
}

/** Micro-USD that are left. */
export const remainingOf = ({ budget }: ToolSession): bigint => budget.limitMicroUsd - budget.usedMicroUsd

export interface ClosedSession {
  readonly session: ReportedSession
  readonly receipts: readonly ReportedReceipt[]
}

/** The sessions that are open; a token opens its own one alone. */
export class ToolSessions {
  private readonly open_ = new Map<string, ToolSession>()

  constructor(
    private readonly clock: () => number = Date.now,
    private readonly lifeMs: number = LIFE_MS,
  ) {}

  open(uid: number, limitMicroUsd: bigint): ToolSession {
    const openedAtMs = this.clock()
    const session: ToolSession = {
      id: randomUUID(),
      token: randomBytes(TOKEN_BYTES).toString('base64url'),
      uid,
      openedAtMs,
      expiresAtMs: openedAtMs + this.lifeMs,
      receipts: [],
      budget: { limitMicroUsd, usedMicroUsd: 0n },
      isBusy: false,
      calls: 0,
      overruns: 0,
      isClosed: false,
      ending: new AbortController(),
    }
    this.open_.set(session.id, session)
    return session
  }

  /** The session whose token this is; an unknown session and a wrong token look alike. */
  find(id: unknown, token: unknown): ToolSession | undefined {
    const session = typeof id === 'string' ? this.open_.get(id) : undefined
    return session && isOneOf(token, [session.token]) ? session : undefined
  }

  isExpired({ expiresAtMs }: ToolSession): boolean {
    return this.clock() >= expiresAtMs
  }

  /** Nothing is charged and no receipt is issued after this. */
  close(session: ToolSession): ClosedSession {
    session.isClosed = true
    session.ending.abort()
    this.open_.delete(session.id)
    return {
      session: {
        session_id: session.id,
        budget_micro_usd: String(session.budget.limitMicroUsd),
        used_micro_usd: String(session.budget.usedMicroUsd),
        opened_at: new Date(session.openedAtMs).toISOString(),
        // A clock that was set back does not close a session before it opened.
        closed_at: new Date(Math.max(this.clock(), session.openedAtMs)).toISOString(),
      },
      receipts: [...session.receipts],
    }
  }
}
