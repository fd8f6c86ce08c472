import type { RuntimeCall } from '../../pallets/dispatch'
import { adminUtils, subtensor, sudo } from '../calls'
import { type Act, people, randomRoot, type World } from './world'

const S = (item: string) => `SubtensorModule.${item}`
const STAKE_RAO = 10n ** 9n
const HIGH_PRICE_RAO = 10n ** 12n

/** Burned, by limit price, or on the root network; of anybody's hotkey, registered already or not. */
export function registerSomebody(world: World): Act {
  const { dice, context } = world
  const person = dice.pick(people)
  const hotkey = dice.pick(dice.chance(0.97) ? person.hotkeys : dice.pick(people).hotkeys).account
  const netuid = world.anyNetuid()
  const limited = context.knowsCall(S('register_limit'))
  const call = dice.weighted<RuntimeCall>([
    [10, subtensor('burned_register', { netuid, hotkey })],
    [limited ? 3 : 0, subtensor('register_limit', { netuid, hotkey, limitPrice: HIGH_PRICE_RAO })],
    [1, subtensor('root_register', { hotkey })],
  ])
  return { signer: person.coldkey, call }
}

export function stakeOnSomebody(world: World): Act {
  const { netuid, hotkey } = world.anyNeuron()
  const signer = world.dice.pick(people).coldkey
  const rao = STAKE_RAO * BigInt(world.dice.int(1, 100))
  const args = { hotkey: hotkey.account, netuid }
  const call = world.dice.chance(0.85)
    ? subtensor('add_stake', { ...args, amountStaked: rao })
    : subtensor('remove_stake', { ...args, amountUnstaked: rao })
  return { signer, call }
}

/** On one subnet or on all, to a key that is free or not. */
export function swapSomebody(world: World): Act {
  const { dice, context } = world
  const { netuid, hotkey } = world.anyNeuron()
  const owner = world.coldkeyOf(hotkey) ?? dice.pick(people).coldkey
  const mine = people.find(({ coldkey }) => coldkey.account === owner.account)?.hotkeys
  const to = dice.pick(mine && dice.chance(0.9) ? mine : dice.pick(people).hotkeys)
  const one = dice.chance(0.5) ? netuid : undefined
  const args = { hotkey: hotkey.account, newHotkey: to.account, netuid: one }
  const call =
    context.knowsCall(S('swap_hotkey_v2')) && dice.chance(0.5)
      ? subtensor('swap_hotkey_v2', { ...args, keepStake: dice.chance(0.5) })
      : subtensor('swap_hotkey', args)
  return { signer: owner, call }
}

/** By root: everything that the old coldkey owned. */
export function swapSomeColdkey(world: World): Act {
  const [from, to] = world.dice.shuffled(people)
  const args = { oldColdkey: from!.coldkey.account, newColdkey: to!.coldkey.account, swapCost: 0n }
  return { signer: randomRoot, call: sudo(subtensor('swap_coldkey', args)) }
}

/** At the limit this dissolves a subnet and uses its netuid again, in one extrinsic. */
export function registerSubnet(world: World): Act {
  const person = world.dice.pick(people)
  const hotkey = world.dice.pick(person.hotkeys).account
  return { signer: person.coldkey, call: subtensor('register_network', { hotkey }) }
}

export function dissolveSubnet(world: World): Act {
  const call = subtensor('root_dissolve_network', { netuid: world.anyNetuid() })
  return { signer: randomRoot, call: sudo(call) }
}

const parametersOf = (world: World, netuid: number): readonly RuntimeCall[] => {
  const { dice } = world
  const set = (name: string, args: Readonly<Record<string, unknown>>) => adminUtils(name, { netuid, ...args })
  return [
    set('sudo_set_max_allowed_uids', { maxAllowedUids: dice.int(4, 12) }),
    set('sudo_set_immunity_period', { immunityPeriod: dice.int(0, 30) }),
    set('sudo_set_tempo', { tempo: dice.int(6, 14) }),
    set('sudo_set_max_allowed_validators', { maxAllowedValidators: dice.int(2, 12) }),
    set('sudo_set_weights_version_key', { weightsVersionKey: BigInt(dice.int(0, 1)) }),
    set('sudo_set_network_registration_allowed', { registrationAllowed: dice.chance(0.9) }),
  ]
}

/** By root, or the owner, or somebody who may not. */
export function changeParameter(world: World): Act {
  const { dice, storage } = world
  const netuid = world.anyNetuid()
  const call = dice.pick(parametersOf(world, netuid))
  if (dice.chance(0.7)) return { signer: randomRoot, call: sudo(call) }
  const owner = storage.get<string>(S('SubnetOwner'), netuid)
  const signer = people.find(({ coldkey }) => coldkey.account === owner)?.coldkey
  return { signer: signer ?? dice.pick(people).coldkey, call }
}

export function addMechanism(world: World): Act {
  const netuid = world.anyNetuid()
  const count = world.storage.knows(S('MechanismCountCurrent'))
    ? world.storage.get<number>(S('MechanismCountCurrent'), netuid)
    : 1
  const args = { netuid, mechanismCount: Math.min(3, Math.max(1, count) + 1) }
  return { signer: randomRoot, call: sudo(adminUtils('sudo_set_mechanism_count', args)) }
}

/** The lowest emitters go, everyone else moves down, and no event tells. */
export function trimSubnet(world: World): Act {
  const { dice } = world
  const args = { netuid: world.anyNetuid(), maxN: dice.int(3, 9) }
  return { signer: randomRoot, call: sudo(adminUtils('sudo_trim_to_max_allowed_uids', args)) }
}
