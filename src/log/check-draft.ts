import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler'
import { LedgerError } from '../errors/ledger-error'
import { catalogue, type EventType } from './catalogue'
import type { EventDraft } from './envelope'

type PayloadCheck = TypeCheck<(typeof catalogue)[EventType]['payload']>

const HASH = /^0x[0-9a-f]{64}$/
const LOGS = new Set(['chain', 'platform', 'engine'])
const NETUID_MAX = 65_535
/** A B-tree entry must fit a third of a page. */
const IDEMPOTENCY_KEY_MAX_CHARS = 512

const checks = new Map<string, PayloadCheck>()

function checkOf(type: EventType): PayloadCheck | undefined {
  const known = checks.get(type)
  if (known) return known
  if (!Object.hasOwn(catalogue, type)) return undefined
  const compiled = TypeCompiler.Compile(catalogue[type].payload)
  checks.set(type, compiled)
  return compiled
}

/** @throws LedgerError SL-EVENT-INVALID naming the first thing that does not fit; nothing has been written then. */
export function checkDraft(draft: EventDraft): void {
  const check = checkOf(draft.type)
  if (!check) throw invalid(draft, `the type ${JSON.stringify(draft.type)} is not in the catalogue`)
  const wrong = wrongEnvelope(draft)
  if (wrong) throw invalid(draft, wrong)
  if (check.Check(draft.payload)) return
  const first = check.Errors(draft.payload).First()
  throw invalid(draft, `payload${first?.path ?? ''}: ${first?.message ?? 'does not fit its schema'}`)
}

/** Events of one block share its hash: it is looked at once. */
let lastBlockHash = ''

function wrongEnvelope(draft: EventDraft): string | undefined {
  if (!LOGS.has(draft.log)) return 'log is none of chain, platform, engine'
  if (!isCount(draft.netuid) || draft.netuid > NETUID_MAX) return 'netuid is no u16'
  if (!isCount(draft.height)) return 'height is no block height'
  if (!isCount(draft.subnetInstance)) return 'subnetInstance is no block height'
  if (!isCount(draft.blockTime)) return 'blockTime is no time in ms'
  if (draft.blockHash !== lastBlockHash) {
    if (!HASH.test(draft.blockHash)) return 'blockHash is no 32-byte hex'
    lastBlockHash = draft.blockHash
  }
  if (draft.actor !== undefined && !HASH.test(draft.actor)) return 'actor is no 32-byte hex'
  if (draft.extrinsicIndex !== undefined && !isCount(draft.extrinsicIndex))
    return 'extrinsicIndex is no index'
  if (draft.eventIndex !== undefined && !isCount(draft.eventIndex)) return 'eventIndex is no index'
  if (draft.callPath !== undefined && !draft.callPath.every(isCount)) return 'callPath holds no indices'
  const key = draft.idempotencyKey
  if (
    key !== undefined &&
    !(key.length > 0 && key.length <= IDEMPOTENCY_KEY_MAX_CHARS && !key.includes('\0'))
  ) {
    return `idempotencyKey must have 1 to ${IDEMPOTENCY_KEY_MAX_CHARS} characters and no NUL`
  }
  return undefined
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0
}

function invalid(draft: EventDraft, why: string): LedgerError {
  return new LedgerError('SL-EVENT-INVALID', 'contradiction', `A ${draft.type} event is refused: ${why}.`, {
    remedy: 'This is a fault of the program that made the event: report it with the block named here.',
    facts: { log: draft.log, netuid: draft.netuid, height: draft.height, blockHash: draft.blockHash },
  })
}
