import { epochAt, firstBlockOf, revealPeriod } from '../../pallets/subtensor/epoch-index'
import { commitHash, type Reveal } from '../../pallets/subtensor/hash-commits'
import { STORAGE_INDEX_STEP } from '../../pallets/subtensor/neurons'
import { subtensor } from '../calls'
import type { Act, Neuron, World } from './world'

const S = (item: string) => `SubtensorModule.${item}`
const MAX_VALUE = 65_535
const COMMIT_REVEAL_VERSION = 4

/** Of present uids, mostly; sometimes one that is not there, one twice, or none at all. */
function vector({ dice, storage }: World, netuid: number): { uids: number[]; values: number[] } {
  const size = storage.get<number>(S('SubnetworkN'), netuid)
  const all = dice.shuffled(Array.from({ length: size }, (_, uid) => uid))
  const uids = all.slice(0, dice.int(0, Math.max(1, size)))
  if (dice.chance(0.03)) uids.push(size + 3)
  if (dice.chance(0.03) && uids.length > 0) uids.push(uids[0]!)
  return { uids, values: uids.map(() => (dice.chance(0.1) ? 0 : dice.int(1, MAX_VALUE))) }
}

function mechanismOf({ dice, storage }: World, netuid: number): number {
  if (!storage.knows(S('MechanismCountCurrent'))) return 0
  const count = Math.max(1, storage.get<number>(S('MechanismCountCurrent'), netuid))
  return dice.chance(0.05) ? count : dice.int(0, count - 1)
}

export function setWeights(world: World): Act {
  const { netuid, hotkey } = world.anyNeuron()
  const { uids: dests, values: weights } = vector(world, netuid)
  const mecid = mechanismOf(world, netuid)
  const args = { netuid, dests, weights, versionKey: 1n }
  const call =
    mecid === 0 ? subtensor('set_weights', args) : subtensor('set_mechanism_weights', { ...args, mecid })
  return { signer: hotkey, call }
}

/** Of several subnets at once: each fails or succeeds by itself. */
export function setManyWeights(world: World): Act {
  const { hotkey } = world.anyNeuron()
  const netuids = world.netuids()
  const weights = netuids.map((netuid) => {
    const { uids, values } = vector(world, netuid)
    return uids.map((uid, i) => [uid, values[i]!] as const)
  })
  const versionKeys = netuids.map(() => 1n)
  return { signer: hotkey, call: subtensor('batch_set_weights', { netuids, weights, versionKeys }) }
}

interface Secret extends Neuron {
  readonly mecid: number
  readonly epoch: number
  readonly reveal: Reveal
}

/** What was committed by hash and waits to be revealed. */
export class Secrets {
  private waiting: Secret[] = []

  commit = (world: World): Act => {
    const neuron = world.anyNeuron()
    const { netuid, hotkey } = neuron
    const mecid = mechanismOf(world, netuid)
    const secret = this.remember(world, neuron, mecid)
    const hash = commitHash(hotkey.account, netuid + mecid * STORAGE_INDEX_STEP, secret.reveal)
    const call =
      mecid === 0
        ? subtensor('commit_weights', { netuid, commitHash: hash })
        : subtensor('commit_mechanism_weights', { netuid, mecid, commitHash: hash })
    return { signer: hotkey, call }
  }

  commitMany = (world: World): Act => {
    const { hotkey } = world.anyNeuron()
    const netuids = world.netuids()
    const commitHashes = netuids.map((netuid) => {
      const secret = this.remember(world, { netuid, uid: 0, hotkey }, 0)
      return commitHash(hotkey.account, netuid, secret.reveal)
    })
    return { signer: hotkey, call: subtensor('batch_commit_weights', { netuids, commitHashes }) }
  }

  /** Mostly one whose time has come; some are forgotten, or come too early, or are wrong. */
  reveal = (world: World): Act | undefined => {
    const { dice, storage } = world
    const due = this.waiting.filter(
      ({ netuid, epoch }) => epochAt(storage, netuid, world.height) === epoch + revealPeriod(storage, netuid),
    )
    const from = due.length > 0 && dice.chance(0.9) ? due : this.waiting
    if (from.length === 0) return undefined
    const secret = dice.pick(from)
    const { netuid, mecid, hotkey } = secret
    const same = from.filter((it) => it.netuid === netuid && it.hotkey === hotkey && it.mecid === 0)
    const isMany = mecid === 0 && same.length > 1 && dice.chance(0.5)
    const gone = isMany ? same : [secret]
    this.waiting = this.waiting.filter((it) => !gone.includes(it))
    if (isMany)
      return {
        signer: hotkey,
        call: revealMany(
          netuid,
          same.map((it) => it.reveal),
        ),
      }
    const reveal = dice.chance(0.05) ? { ...secret.reveal, salt: [0] } : secret.reveal
    const call =
      mecid === 0
        ? subtensor('reveal_weights', { netuid, ...reveal })
        : subtensor('reveal_mechanism_weights', { netuid, mecid, ...reveal })
    return { signer: hotkey, call }
  }

  private remember(world: World, neuron: Neuron, mecid: number): Secret {
    const { dice, storage, height } = world
    const reveal = { ...vector(world, neuron.netuid), salt: [dice.int(0, MAX_VALUE)], versionKey: 1n }
    const secret = { ...neuron, mecid, reveal, epoch: epochAt(storage, neuron.netuid, height) }
    this.waiting.push(secret)
    return secret
  }
}

const revealMany = (netuid: number, reveals: readonly Reveal[]) =>
  subtensor('batch_reveal_weights', {
    netuid,
    uidsList: reveals.map((it) => it.uids),
    valuesList: reveals.map((it) => it.values),
    saltsList: reveals.map((it) => it.salt),
    versionKeys: reveals.map((it) => it.versionKey),
  })

/** Opened by the chain in the next epoch, or never: another's, or locked for a round that comes too late. */
export function commitTimelocked(world: World): Act | undefined {
  const { dice, storage, height, context, locksmith } = world
  const { netuid, hotkey } = world.anyNeuron()
  const mecid = mechanismOf(world, netuid)
  const named = mecid === 0 ? 'commit_timelocked_weights' : 'commit_timelocked_mechanism_weights'
  if (!context.knowsCall(S(named)) || storage.get(S('NetworksAdded'), netuid) !== true) return undefined
  const next = firstBlockOf(storage, netuid, epochAt(storage, netuid, height) + 1)
  const opensIn = next - height + dice.int(-1, dice.chance(0.1) ? 30 : 2)
  const payload = {
    hotkey: dice.chance(0.95) ? hotkey.account : world.anyNeuron().hotkey.account,
    ...vector(world, netuid),
    versionKey: 1n,
  }
  const { commit, revealRound } = locksmith.weights(payload, height, opensIn)
  const args = { netuid, commit, revealRound, commitRevealVersion: COMMIT_REVEAL_VERSION }
  return { signer: hotkey, call: subtensor(named, mecid === 0 ? args : { ...args, mecid }) }
}
