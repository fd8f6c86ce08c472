import { type Signer, signerOf } from '../node/signer'

/** A participant: the hotkey acts on chain, the coldkey pays and owns. */
export interface Actor {
  readonly name: string
  readonly hotkey: Signer
  readonly coldkey: Signer
}

export const actor = (name: string, payer = name): Actor => ({
  name,
  hotkey: signerOf(`${name} hotkey`),
  coldkey: signerOf(`${payer} coldkey`),
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
export const bitrecs = cast(122, 'bitrecs', 11, 3)
export const autoresearch = cast(94, 'autoresearch', 5, 3)
export const caster = cast(67, 'caster', 5, 3)
export const casts: readonly Cast[] = [bitrecs, autoresearch, caster]

const bitrecsMiner = (n: number): Actor => bitrecs.miners[n - 1]!

/** Who of the Bitrecs miners does what. */
export const bitrecsRoles = {
  /** One gist each, locked, revealed once, never committed anew: their submissions are in order. */
  honest: [1, 2, 7, 8, 9].map(bitrecsMiner),
  /** Commits what the first honest miner's reveal showed. */
  copycat: bitrecsMiner(3),
  /** Commits openly, so that everybody can read it at once; then nothing; then two in one block. */
  impatient: bitrecsMiner(4),
  /** Commits a second gist before the first one opens. */
  hesitant: bitrecsMiner(5),
  /** Commits bytes that hurt whoever shows them carelessly. */
  hostile: bitrecsMiner(6),
  /** Honest, but loses its uid to the stranger later. */
  leaver: bitrecsMiner(10),
  /** Commits through a proxy, and behind `if_else`. */
  indirect: bitrecsMiner(11),
} as const

const NEWCOMER_PAYERS = 8

/** Miners that join 122 one after another while the chain lives; a few coldkeys pay for all of them. */
export const newcomer = (n: number): Actor =>
  actor(`bitrecs newcomer ${n}`, `bitrecs newcomers ${n % NEWCOMER_PAYERS}`)

/** Not registered anywhere at first. */
export const stranger = actor('stranger')
export const latecomer = actor('latecomer')
/** Signatories of a multisig of two. */
export const partners = [actor('partner 1'), actor('partner 2')] as const
/** Takes the uid of a Bitrecs miner with scores, long after the history. */
export const usurper = partners[1]
/** May act for the indirect Bitrecs miner. */
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
/** Enough for a newcomer every few minutes during years. */
const PAYER_BALANCE_RAO = 1_000n * BALANCE_RAO

export function balances(): Record<string, bigint> {
  const accounts = everyone.flatMap(({ hotkey, coldkey }) => [hotkey.account, coldkey.account])
  const payers = Array.from({ length: NEWCOMER_PAYERS }, (_, n) => newcomer(n).coldkey.account)
  return Object.fromEntries([
    ...[...accounts, root.account].map((account) => [account, BALANCE_RAO]),
    ...payers.map((account) => [account, PAYER_BALANCE_RAO]),
  ])
}
