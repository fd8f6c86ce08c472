import type { AuthorContext } from '../node/author'
import { epochAt, firstBlockOf } from '../pallets/subtensor/epoch-index'
import { commitHash, type Reveal } from '../pallets/subtensor/hash-commits'
import { isPermitted } from '../pallets/subtensor/staking'
import { type Actor, autoresearch, bitrecs, bitrecsRoles, type Cast, caster } from './actors'
import { subtensor } from './calls'
import type { Step } from './step'

const VERSION_KEY = 1n
const S = (item: string) => `SubtensorModule.${item}`

/** Who may win by the script: on 122 those whose submissions are in order. */
const contenders = ({ netuid, miners }: Cast): readonly Actor[] =>
  netuid === bitrecs.netuid ? bitrecsRoles.honest : miners

/** Winner takes a tenth, the burn uid the rest, as on the three subnets. */
function vector({ storage }: AuthorContext, cast: Cast, turn: number) {
  const { netuid } = cast
  const winners = contenders(cast)
  const winner = winners[turn % winners.length]!
  const uid = storage.get<number | undefined>(S('Uids'), netuid, winner.hotkey.account)
  return uid === undefined || uid === 0 ? undefined : { uids: [0, uid], values: [65_535, 7_282] }
}

const mayValidate = ({ storage }: AuthorContext, { netuid }: Cast, { hotkey }: Actor): boolean =>
  isPermitted(storage, netuid, hotkey.account)

/** 67: every validator sets its weights openly, each in its own block. */
const openWeights: Step = (context) => {
  const { height, send } = context
  const turn = Math.floor(height / 30)
  const validator = caster.validators[height % 30]
  if (!validator || !mayValidate(context, caster, validator)) return
  const weights = vector(context, caster, turn)
  if (!weights) return
  const { uids: dests, values } = weights
  send(
    validator.hotkey,
    subtensor('set_weights', { netuid: caster.netuid, dests, weights: values, versionKey: VERSION_KEY }),
  )
}

/** From this height on the subnet 67 has a second mechanism. */
export const SECOND_MECHANISM_HEIGHT = 260

/** 67, second mechanism: the validators give their weights there some blocks later, to the next miner. */
const secondMechanism: Step = (context) => {
  const { height, send } = context
  const validator = caster.validators[(height % 30) - 10]
  if (height <= SECOND_MECHANISM_HEIGHT || !validator || !mayValidate(context, caster, validator)) return
  const weights = vector(context, caster, Math.floor(height / 30) + 1)
  if (!weights) return
  const { uids: dests, values } = weights
  const { netuid } = caster
  const args = { netuid, mecid: 1, dests, weights: values, versionKey: VERSION_KEY }
  send(validator.hotkey, subtensor('set_mechanism_weights', args))
}

/** 94: committed by hash in one epoch, revealed in the next; the third validator forgets to reveal. */
const hashedWeights: Step = (context) => {
  const { height, send, storage } = context
  const { netuid, validators } = autoresearch
  const epoch = epochAt(storage, netuid, height)
  const into = height - firstBlockOf(storage, netuid, epoch)
  const validator = validators[into - 3]
  if (!validator || !mayValidate(context, autoresearch, validator)) return
  const account = validator.hotkey.account
  if (epoch % 2 === 0) {
    const reveal = revealOf(context, epoch)
    if (reveal)
      send(
        validator.hotkey,
        subtensor('commit_weights', { netuid, commitHash: commitHash(account, netuid, reveal) }),
      )
  } else if (validator !== validators[2]) {
    const reveal = revealOf(context, epoch - 1)
    const pending = storage.get<unknown[] | undefined>(S('WeightCommits'), netuid, account)
    if (reveal && pending && pending.length > 0)
      send(validator.hotkey, subtensor('reveal_weights', { netuid, ...reveal }))
  }
}

function revealOf(context: AuthorContext, epoch: number): Reveal | undefined {
  const weights = vector(context, autoresearch, epoch)
  return weights && { ...weights, salt: [epoch % 65_536, 7, 11], versionKey: VERSION_KEY }
}

const COMMIT_REVEAL_VERSION = 4

/** 122: the third validator is always of another opinion than the first two. */
export const dissenter = bitrecs.validators[2]!

/** 122: timelocked for the next epoch; the chain opens them by itself. The dissenter's only, once the others' are decided. */
const timelockedWeights =
  (isDecided: IsDecided): Step =>
  (context, locksmith) => {
    const { height, send, storage } = context
    const { netuid, validators } = bitrecs
    const epoch = epochAt(storage, netuid, height)
    const validator = validators[height - firstBlockOf(storage, netuid, epoch) - 2]
    if (!validator || !mayValidate(context, bitrecs, validator)) return
    if (isDecided(netuid, height) && validator !== dissenter) return
    const turn = Math.floor(epoch / 3)
    const weights = vector(context, bitrecs, validator === dissenter ? turn + 1 : turn)
    if (!weights) return
    const opensIn = firstBlockOf(storage, netuid, epoch + 1) - height - 1
    const payload = { hotkey: validator.hotkey.account, ...weights, versionKey: VERSION_KEY }
    const { commit, revealRound } = locksmith.weights(payload, height, opensIn)
    send(
      validator.hotkey,
      subtensor('commit_timelocked_weights', {
        netuid,
        commit,
        revealRound,
        commitRevealVersion: COMMIT_REVEAL_VERSION,
      }),
    )
  }

/** Subnets whose validators set what they find decided, from a block on. */
export interface Decided {
  readonly fromBlock: number
  readonly netuids: readonly number[]
}

type IsDecided = (netuid: number, height: number) => boolean

/** The script as long as it is not decided by others. */
const until =
  (isDecided: IsDecided, { netuid }: Cast, step: Step): Step =>
  (context, locksmith) => {
    if (!isDecided(netuid, context.height)) step(context, locksmith)
  }

const steps = (isDecided: IsDecided): readonly (readonly [netuid: number, step: Step])[] => [
  [caster.netuid, until(isDecided, caster, openWeights)],
  // Nobody decides for a second mechanism.
  [caster.netuid, secondMechanism],
  [autoresearch.netuid, until(isDecided, autoresearch, hashedWeights)],
  [bitrecs.netuid, timelockedWeights(isDecided)],
]

/**
 * The validators' steps of these subnets; of all when absent. Validators of decided ones are left to whoever plays them: all but the
 * dissenter.
 */
export const weightSteps = (netuids?: readonly number[], decided?: Decided): Step[] =>
  steps(
    (netuid, height) =>
      decided !== undefined && height >= decided.fromBlock && decided.netuids.includes(netuid),
  )
    .filter(([netuid]) => netuids?.includes(netuid) ?? true)
    .map(([, step]) => step)
