import type { AuthorContext } from '../../node/author'
import { type Signer, signerOf } from '../../node/signer'
import type { RuntimeCall } from '../../pallets/dispatch'
import { multisigAccount } from '../../pallets/multisig'
import { derivativeAccount } from '../../pallets/utility'
import type { Locksmith } from '../locksmith'
import type { Dice } from './dice'

const S = (item: string) => `SubtensorModule.${item}`

/** Somebody with one coldkey and a few hotkeys, registered or not. */
export interface Person {
  readonly coldkey: Signer
  readonly hotkeys: readonly Signer[]
}

const PEOPLE = 12
const HOTKEYS_EACH = 3

export const people: readonly Person[] = Array.from({ length: PEOPLE }, (_, n) => ({
  coldkey: signerOf(`random ${n} coldkey`),
  hotkeys: Array.from({ length: HOTKEYS_EACH }, (_, k) => signerOf(`random ${n} hotkey ${k}`)),
}))
export const randomRoot = signerOf('random root')

const signers = new Map(
  people.flatMap(({ coldkey, hotkeys }) => [coldkey, ...hotkeys]).map((it) => [it.account, it]),
)

/** Accounts without a key of their own, which register too: the first person's multisig with the second, and a derivative. */
export const multisigOthers = [people[1]!.coldkey.account]
export const keyless = [
  multisigAccount([people[0]!.coldkey.account, ...multisigOthers], 1),
  derivativeAccount(people[0]!.coldkey.account, 0),
]

export interface Neuron {
  readonly netuid: number
  readonly uid: number
  readonly hotkey: Signer
}

/** A call and who signs it; wrappers change both. */
export interface Act {
  readonly signer: Signer
  readonly call: RuntimeCall
}

/** What an action may know and use. */
export class World {
  constructor(
    readonly context: AuthorContext,
    readonly dice: Dice,
    readonly locksmith: Locksmith,
  ) {}

  get storage(): AuthorContext['storage'] {
    return this.context.storage
  }

  get height(): number {
    return this.context.height
  }

  netuids(): number[] {
    return this.storage
      .entries<[number], boolean>(S('NetworksAdded'))
      .filter(([[netuid], added]) => added && netuid !== 0)
      .map(([[netuid]]) => netuid)
      .sort((a, b) => a - b)
  }

  /** Registered neurons whose keys the script has. */
  neurons(netuid: number): Neuron[] {
    return this.storage
      .entries<[number, string], number>(S('Uids'), netuid)
      .flatMap(([[, account], uid]) => {
        const hotkey = signers.get(account)
        return hotkey ? [{ netuid, uid, hotkey }] : []
      })
      .sort((a, b) => a.uid - b.uid)
  }

  /** One of all neurons, mostly; now and then somebody who is none there. */
  anyNeuron(): Neuron {
    const { dice } = this
    const netuid = this.anyNetuid()
    const neurons = this.neurons(netuid)
    if (neurons.length > 0 && !dice.chance(0.05)) return dice.pick(neurons)
    return { netuid, uid: 0, hotkey: dice.pick(dice.pick(people).hotkeys) }
  }

  anyNetuid(): number {
    const netuids = this.netuids()
    return netuids.length === 0 || this.dice.chance(0.02) ? UNKNOWN_NETUID : this.dice.pick(netuids)
  }

  coldkeyOf(hotkey: Signer): Signer | undefined {
    const owner = this.storage.get<string>(S('Owner'), hotkey.account)
    return signers.get(owner)
  }
}

const UNKNOWN_NETUID = 4_000
const BALANCE_RAO = 100_000n * 10n ** 9n

export const randomBalances = (): Record<string, bigint> =>
  Object.fromEntries([...signers.keys(), ...keyless, randomRoot.account].map((it) => [it, BALANCE_RAO]))
