/** Who holds a uid now. */
export interface Holder {
  readonly hotkey: string
  readonly coldkey: string | null
  /** Height at which the tenure began; a hotkey swap does not restart it. */
  readonly registeredAt: number
}

/** A weight commit whose end (reveal or expiry) has not been seen. */
export interface PendingWeights {
  readonly mechanism: number
  readonly who: string
  readonly kind: 'hash' | 'crv3' | 'timelocked'
  readonly commitHash: string
  readonly height: number
  readonly eventIndex: number | null
  /** Epochs of the subnet that ended since. */
  readonly epochsSeen: number
}

/** The last commitment of a hotkey that still has fields waiting for their drand rounds. */
export interface PendingTimelock {
  readonly height: number
  readonly eventIndex: number
  /** Ascending. */
  readonly rounds: readonly bigint[]
}

/** One use of a netuid, from its registration to its dissolution. */
export class Subnet {
  holders: (Holder | undefined)[] = []
  readonly uidOf = new Map<string, number>()
  /** Oldest hotkey of the swap chain, for every hotkey that registered, committed or was swapped to here. */
  readonly lineage = new Map<string, string>()
  readonly swappedTo = new Map<string, string>()
  readonly timelocks = new Map<string, PendingTimelock>()
  /** Oldest first. */
  weightCommits: readonly PendingWeights[] = []
  readonly parameters = new Map<string, string | boolean>()
  ownerColdkey: string | null = null
  /** Uids with a validator permit; null: the log does not say. */
  permits: Set<number> | null = null

  constructor(
    readonly netuid: number,
    /** Height of registration. */
    readonly instance: number,
  ) {}

  lineageOf(hotkey: string): string {
    return this.lineage.get(hotkey) ?? hotkey
  }

  place(uid: number, holder: Holder): void {
    const before = this.holders[uid]
    if (before && this.uidOf.get(before.hotkey) === uid) this.uidOf.delete(before.hotkey)
    while (this.holders.length < uid) this.holders.push(undefined)
    this.holders[uid] = holder
    this.uidOf.set(holder.hotkey, uid)
    if (!this.lineage.has(holder.hotkey)) this.lineage.set(holder.hotkey, holder.hotkey)
  }

  vacate(uid: number): void {
    const before = this.holders[uid]
    if (!before) return
    this.holders[uid] = undefined
    if (this.uidOf.get(before.hotkey) === uid) this.uidOf.delete(before.hotkey)
    while (this.holders.length > 0 && !this.holders[this.holders.length - 1]) this.holders.pop()
  }
}
