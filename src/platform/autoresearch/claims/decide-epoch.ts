import { createHash } from 'node:crypto'
import { LedgerError } from '../../../errors/ledger-error'
import { canonicalJson } from '../../../log/canonical-json'
import type { Hex } from '../../../log/envelope'
import type { Command, Decided } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { accountOf } from '../../core/signatures'
import { type Answer, done, type Refusal, refuse } from '../answer'
import type { Amounts, AutoresearchRules, BuiltTree, Leaf } from '../rules'
import type { AutoresearchState } from '../state'
import { type Earned, earnedByBest } from './earned'
import { type ClaimEpoch, latestPublished } from './state'

export interface BuildInput {
  readonly schemeId: string
  /** bytes32 as hex. */
  readonly laneId: Hex
  readonly budget: bigint
  /** By SS58 hotkey; undefined: the stated default. */
  readonly earned: ReadonlyMap<string, bigint> | undefined
}

type Fault = Pick<Refusal, 'status' | 'code' | 'reason' | 'facts'>
/** Leaves of one epoch made here: far more than a subnet has uids. */
export const EPOCH_MAX_LEAVES = 4_096

/** POST /claims/admin/epochs: the next epoch from what was published and what was earned since. */
export const buildEpoch =
  (input: BuildInput, rules: AutoresearchRules): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at }) => {
    const no = (fault: Fault) => refuse({ command: 'build-epoch', ...fault }, at)
    const { merkle } = state
    const waiting = merkle.epochs.find(({ status }) => status === 'built')
    if (waiting) {
      const reason = `Epoch ${waiting.epoch} is built: publish or discard it first`
      return no({ status: 409, code: 'epoch_unpublished', reason })
    }
    const disputed = merkle.epochs.find(({ status }) => status === 'challenged')
    if (disputed) {
      const reason = `Epoch ${disputed.epoch} is challenged: its totals may not stand`
      return no({ status: 409, code: 'epoch_challenged', reason })
    }
    const previous = latestPublished(merkle)?.amounts
    const { amounts: earned, carried }: Earned = input.earned
      ? { amounts: input.earned, carried: input.budget - sum(input.earned.values()) }
      : earnedByBest(state, input.budget, rules)
    const epoch = (merkle.epochs.at(-1)?.epoch ?? 0) + 1
    const next: Amounts = { epoch, amounts: rules.claims.nextEpoch(previous, earned).amounts }
    const faults = rules.claims.checkLedger(
      previous ? [previous, next] : [next],
      new Map([[epoch, input.budget]]),
      merkle.paid,
    )
    if (faults.length > 0) {
      const facts = {
        faults: JSON.parse(JSON.stringify(faults, (_, v) => (typeof v === 'bigint' ? String(v) : v))),
      }
      return no({
        status: 422,
        code: 'claim_ledger_fault',
        reason: 'The epoch breaks a rule of the ledger',
        facts,
      })
    }
    const split = leavesOf(state, next, input.schemeId, rules)
    if (split.leaves.length === 0)
      return no({ status: 422, code: 'epoch_empty', reason: 'Nobody with a recipient has anything to claim' })
    if (split.leaves.length > EPOCH_MAX_LEAVES)
      return no({ status: 422, code: 'epoch_too_large', reason: `More than ${EPOCH_MAX_LEAVES} leaves` })
    const tree = treeOf(
      { epoch, schemeId: input.schemeId, laneId: input.laneId, leaves: split.leaves },
      rules,
    )
    if (tree instanceof LedgerError) return no({ status: 422, code: 'scheme_refuses', reason: tree.message })
    return built(input, { epoch, previous, next, split, tree, carried, earned }, at)
  }

const sum = (values: Iterable<bigint>): bigint => [...values].reduce((total, value) => total + value, 0n)

function treeOf(list: Parameters<AutoresearchRules['claims']['build']>[0], rules: AutoresearchRules) {
  try {
    return rules.claims.build(list)
  } catch (error) {
    if (error instanceof LedgerError) return error
    throw error
  }
}

interface Split {
  readonly leaves: readonly Leaf[]
  /** SS58 hotkeys whose total waits for a recipient. */
  readonly held: readonly string[]
}

/** One leaf a hotkey that the scheme can pay; the others keep their total for a later epoch. */
function leavesOf(
  state: AutoresearchState,
  next: Amounts,
  schemeId: string,
  rules: AutoresearchRules,
): Split {
  const leaves: Leaf[] = []
  const held: string[] = []
  for (const [hotkey, amount] of next.amounts) {
    const recipient = state.merkle.recipients.get(hotkey)
    if (recipient === undefined || !rules.claims.takesRecipient(schemeId, recipient)) held.push(hotkey)
    else leaves.push({ index: leaves.length, hotkey, recipient, amount })
  }
  return { leaves, held }
}

interface Parts {
  readonly epoch: number
  readonly previous: Amounts | undefined
  readonly next: Amounts
  readonly split: Split
  readonly tree: BuiltTree
  readonly carried: bigint
  readonly earned: ReadonlyMap<string, bigint>
}

function built(input: BuildInput, parts: Parts, at: number): Decided<Answer> {
  const { epoch, previous, next, split, tree, carried, earned } = parts
  const entries = split.leaves.map(({ index, hotkey, recipient, amount }) => ({
    index,
    hotkey: accountOf(hotkey)!,
    recipient,
    cumulative: String(amount),
    increment: String(amount - (previous?.amounts.get(hotkey) ?? 0n)),
  }))
  const held = split.held.map((hotkey) => ({
    hotkey: accountOf(hotkey)!,
    cumulative: String(next.amounts.get(hotkey)!),
  }))
  const claimsSha256 = createHash('sha256').update(canonicalJson(entries), 'utf8').digest('hex')
  const payload = {
    epoch,
    schemeId: input.schemeId,
    leafCount: entries.length,
    total: String(tree.total),
    budget: String(input.budget),
    increments: String(sum(earned.values())),
    carried: String(carried),
    root: tree.root,
    laneId: input.laneId,
    allocation: input.earned ? ('given' as const) : ('best_results' as const),
    entries,
    held,
    claimsSha256,
    at,
  }
  const body = {
    epoch,
    root: tree.root,
    num_of_leaves: entries.length,
    total_units: payload.total,
    increments_units: payload.increments,
    carried_units: payload.carried,
    allocation: payload.allocation,
    held: split.held,
  }
  return done(body, [draft('EpochBuilt', payload)], { status: 201 })
}

/** The tree of an epoch, built again from its entries when it is first needed; the root must be the recorded one. */
export function treeOfEpoch(found: ClaimEpoch, rules: AutoresearchRules): BuiltTree {
  if (found.tree) return found.tree
  const { epoch, schemeId, laneId, entries } = found
  const leaves = entries.map(({ index, hotkey, recipient, cumulative }) => ({
    index,
    hotkey,
    recipient,
    amount: cumulative,
  }))
  const tree = rules.claims.build({ epoch, schemeId, laneId, leaves })
  if (tree.root !== found.root) {
    throw new LedgerError('SL-CLAIMS-ROOT-DIFFERS', 'contradiction', `Epoch ${epoch} has another root now.`, {
      remedy: 'Keep the log: this program does not hash the epoch as the one that built it did.',
      facts: { epoch, recorded: found.root, computed: tree.root },
    })
  }
  found.tree = tree
  return tree
}
