import type { Hex } from '../../log/envelope'

export interface Registration {
  readonly uid: number
  readonly hotkey: Hex
  readonly coldkey: Hex | null
  /** Block of the registration; survives swaps. */
  readonly registeredAt: number
}

/** One opened commitment of a hotkey, as the log has it. */
export interface RevealedCommitment {
  /** Block at which the content became public; of a plain commitment the block of the commit itself. */
  readonly height: number
  /** Block of the commit; null when it lies before the first indexed one. */
  readonly commitHeight: number | null
  /** It was timelocked and the chain opened it; false: it was plain from the start. */
  readonly wasTimelocked: boolean
  readonly content: Hex
  /** Content as UTF-8; null when it is none. */
  readonly text: string | null
  /** Number of the event in the chain log: what an inclusion proof is asked for. */
  readonly seq: number
}

/** Who holds which uid, and who of them a validator permit, all at one finalized block. */
export interface Metagraph {
  readonly height: number
  readonly uidOf: ReadonlyMap<Hex, number>
  /** null: the log has never been told the permits of the subnet, which is not the same as nobody holding one. */
  readonly permitted: ReadonlySet<Hex> | null
}

/** What platforms ask of the chain, answered from our own finalized log, never from a node. */
export interface ChainFacts {
  registration(netuid: number, hotkey: Hex): Promise<Registration | null>
  /** Everything a hotkey has published in the present use of the netuid, oldest first. */
  reveals(netuid: number, hotkey: Hex): Promise<readonly RevealedCommitment[]>
  /** Every registered hotkey of a subnet. @throws LedgerError SL-NOTHING-INDEXED before the first block */
  metagraph(netuid: number): Promise<Metagraph>
}
