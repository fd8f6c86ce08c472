import { type Signer, signerOf } from '../node/signer'

/** A participant: the hotkey acts on chain, the coldkey pays and owns. */
export interface Actor {
  readonly name: string
  readonly hotkey: Signer
  readonly coldkey: Signer
}

export const actor = (name: string): Actor => ({
  name,
  hotkey: signerOf(`${name} hotkey`),
  coldkey: signerOf(`${name} coldkey`),
})

export interface Cast {
  readonly netuid: number
  readonly owner: Actor
  readonly miners: readonly Actor[]
  readonly validators: readonly Actor[]
}

const cast = (netuid: number, title: string, miners: number, validators: number): Cast => ({
  netuid,
  owner: actor(`${title} owner`),
  miners: Array.from({ length: miners }, (_, i) => actor(`${title} miner ${i + 1}`)),
  validators: Array.from({ length: validators }, (_, i) => actor(`${title} validator ${i + 1}`)),
})

/** The three subnets that stand at block 0. */
export const bitrecs = cast(122, 'bitrecs', 8, 3)
export const autoresearch = cast(94, 'autoresearch', 5, 3)
export const caster = cast(67, 'caster', 5, 3)
export const casts: readonly Cast[] = [bitrecs, autoresearch, caster]

/** Not registered anywhere at first. */
export const stranger = actor('stranger')
export const latecomer = actor('latecomer')
/** Signatories of a multisig of two. */
export const partners = [actor('partner 1'), actor('partner 2')] as const
/** May act for the first Bitrecs miner. */
export const delegate = actor('delegate')
/** Registers a fourth subnet, gives it up, and takes the netuid again. */
export const founder = actor('founder')
/** Obeyed by Sudo. */
export const root = signerOf('root')

const everyone: readonly Actor[] = [
  ...casts.flatMap((c) => [c.owner, ...c.miners, ...c.validators]),
  stranger,
  latecomer,
  ...partners,
  delegate,
  founder,
]

const BALANCE_RAO = 1_000n * 10n ** 9n

export function balances(): Record<string, bigint> {
  const accounts = everyone.flatMap(({ hotkey, coldkey }) => [hotkey.account, coldkey.account])
  return Object.fromEntries([...accounts, root.account].map((account) => [account, BALANCE_RAO]))
}
