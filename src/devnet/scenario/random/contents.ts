import { u8aToHex } from '@polkadot/util'
import type { Data } from '../../../../abi/commitments'
import type { RuntimeCall } from '../../pallets/dispatch'
import { commit } from '../calls'
import type { Act, World } from './world'

const HASHES = ['BlakeTwo256', 'Sha256', 'Keccak256', 'ShaThree256']
const MAX_BIG_RAW_BYTES = 512
const MAX_RAW_BYTES = 128
const HASH_BYTES = 32
/** One more than the chain takes, so that this fails too. */
const MAX_FIELDS = 4

function raw({ dice }: World, kind: string, length: number): Data {
  return { __kind: kind, value: u8aToHex(dice.bytes(length)) }
}

function timelocked({ dice, height, locksmith }: World): Data {
  const text = `secret ${height} ${dice.int(0, 9)}`
  const field = locksmith.timelocked(text, height, dice.int(-2, 12))
  if (!dice.chance(0.15) || !('encrypted' in field)) return field
  // Nobody can open it: it vanishes without an event when its round comes.
  return { ...field, encrypted: `${field.encrypted.slice(0, -2)}00` }
}

function field(world: World): Data {
  const { dice, context } = world
  const modern = context.specVersion >= 273
  return dice.weighted<() => Data>([
    [8, () => anyRaw(world)],
    [1, () => ({ __kind: 'None' })],
    [2, () => raw(world, dice.pick(HASHES), HASH_BYTES)],
    [context.specVersion >= 257 ? 4 : 0, () => timelocked(world)],
    [modern ? 1 : 0, () => ({ __kind: 'ResetBondsFlag' })],
    [modern ? 2 : 0, () => raw(world, 'BigRaw', dice.int(0, MAX_BIG_RAW_BYTES))],
  ])()
}

function anyRaw(world: World): Data {
  const length = world.dice.int(0, MAX_RAW_BYTES)
  return raw(world, `Raw${length}`, length)
}

/** No field blanks the commitment; mostly one, sometimes several of any kinds. */
function fields(world: World): Data[] {
  const { dice } = world
  const count = dice.weighted([
    [1, 0],
    [8, 1],
    [2, 2],
    [1, 3],
    [1, MAX_FIELDS],
  ])
  return Array.from({ length: count }, () => field(world))
}

export function commitSomething(world: World): Act {
  const { netuid, hotkey } = world.anyNeuron()
  return { signer: hotkey, call: commitmentOf(world, netuid) }
}

export const commitmentOf = (world: World, netuid: number): RuntimeCall => commit(netuid, ...fields(world))
