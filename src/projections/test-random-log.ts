import { createHash } from 'node:crypto'
import type { EventType, PayloadOf } from '../log/catalogue'
import type { EventDraft, Hex } from '../log/envelope'
import { randomFrom } from '../log/seeded-random'

const NETUIDS = [7, 122]
const MAX_UIDS = 6
const HOTKEYS = 14
const CONTENTS = 8
const MAX_STEPS_PER_BLOCK = 5
const BLOCK_TIME_MS = 12_000

const account = (n: number): Hex => `0x${n.toString(16).padStart(64, 'a')}`
const sha256 = (hex: Hex): Hex =>
  `0x${createHash('sha256')
    .update(Buffer.from(hex.slice(2), 'hex'))
    .digest('hex')}`

interface Holder {
  hotkey: Hex
  coldkey: Hex
  registeredAt: number
}

interface Ref {
  height: number
  eventIndex: number
}

interface PendingWeights {
  who: Hex
  mechanism: number
  commitHash: Hex
  commit: Ref
}

/** One subnet as far as a plausible log needs it: no hotkey twice, reveals only of what was committed. */
class ModelSubnet {
  instance = -1
  owner = account(900)
  holders = new Map<number, Holder>()
  permits = new Set<number>()
  readonly lineage = new Map<Hex, Hex>()
  readonly timelocks = new Map<Hex, Ref>()
  weights: PendingWeights[] = []

  constructor(readonly netuid: number) {}

  lineageOf = (hotkey: Hex) => this.lineage.get(hotkey) ?? hotkey
  uidOf = (hotkey: Hex) => [...this.holders].find(([, holder]) => holder.hotkey === hotkey)?.[0] ?? null
}

/** Draws a log with every event type that a read model looks at. */
class RandomLog {
  readonly drafts: EventDraft[] = []
  private readonly subnets = NETUIDS.map((netuid) => new ModelSubnet(netuid))
  private height = 100
  private eventIndex = 0

  /** Per cent, cumulated. */
  private readonly odds: readonly (readonly [number, (subnet: ModelSubnet) => void])[] = [
    [30, this.commit],
    [40, this.reveal],
    [52, this.registerNeuron],
    [66, this.setWeights],
    [72, this.commitWeights],
    [78, this.endWeightCommit],
    [84, this.swapHotkey],
    [87, this.swapColdkey],
    [90, this.trim],
    [92, this.emitEpoch],
    [94, this.changePermits],
    [98, this.changeParameter],
    [100, this.dissolve],
  ]

  constructor(private readonly random: (below: number) => number) {}

  draw(events: number): EventDraft[] {
    while (this.drafts.length < events) {
      this.height += 1 + this.random(3)
      this.eventIndex = 0
      for (let i = this.random(MAX_STEPS_PER_BLOCK + 1); i > 0; i--) this.step()
    }
    return this.drafts
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.random(list.length)]!
  }

  private emit<T extends EventType>(subnet: ModelSubnet, type: T, payload: PayloadOf<T>): Ref {
    const ref = { height: this.height, eventIndex: this.eventIndex++ }
    this.drafts.push({
      log: 'chain',
      netuid: subnet.netuid,
      subnetInstance: subnet.instance,
      type,
      ...ref,
      blockHash: sha256(account(this.height)),
      blockTime: 1_700_000_000_000 + this.height * BLOCK_TIME_MS,
      ...(this.random(4) > 0 && { extrinsicIndex: 1 + ref.eventIndex }),
      payload,
    })
    return ref
  }

  private step(): void {
    const subnet = this.pick(this.subnets)
    if (subnet.instance < 0) {
      this.registerSubnet(subnet)
      return
    }
    const dice = this.random(100)
    const [, act] = this.odds.find(([below]) => dice < below)!
    act.call(this, subnet)
  }

  private registerSubnet(subnet: ModelSubnet): void {
    subnet.instance = this.height
    subnet.owner = account(900 + this.random(3))
    this.emit(subnet, 'SubnetRegistered', {
      modality: 0,
      ownerColdkey: subnet.owner,
      ownerHotkey: null,
      source: 'event',
    })
  }

  private registerNeuron(subnet: ModelSubnet): void {
    const hotkey = account(this.random(HOTKEYS))
    if (subnet.uidOf(hotkey) !== null) return
    const uid = this.random(MAX_UIDS)
    const before = subnet.holders.get(uid)
    if (before) this.end(subnet, uid, 'replaced', this.random(2) === 0)
    const holder = { hotkey, coldkey: account(900 + this.random(3)), registeredAt: this.height }
    subnet.holders.set(uid, holder)
    subnet.permits.delete(uid)
    const lineage = subnet.lineageOf(hotkey)
    const replaced = before?.hotkey ?? null
    this.emit(subnet, 'NeuronRegistered', { uid, ...holder, lineage, replaced, source: 'event' })
  }

  private end(
    subnet: ModelSubnet,
    uid: number,
    reason: PayloadOf<'TenureEnded'>['reason'],
    cleared: boolean,
  ): void {
    const { hotkey, registeredAt } = subnet.holders.get(uid)!
    subnet.holders.delete(uid)
    subnet.permits.delete(uid)
    this.emit(subnet, 'TenureEnded', { uid, hotkey, registeredAt, reason, weightsCleared: cleared })
  }

  private commit(subnet: ModelSubnet): void {
    const who = account(this.random(HOTKEYS))
    const bytes =
      this.random(6) === 0 ? '0xff00fe' : `0x${Buffer.from(`c${this.random(CONTENTS)}`).toString('hex')}`
    const base = { who, uid: subnet.uidOf(who), lineage: subnet.lineageOf(who) }
    const kind = this.random(10)
    subnet.timelocks.delete(who)
    if (kind < 4) {
      const fields = [{ kind: 'TimelockEncrypted', bytes: '0xdead', revealRound: '77' }]
      const payload = {
        ...base,
        fields,
        contentHash: sha256('0x'),
        source: 'call' as const,
        revealRound: '77',
      }
      subnet.timelocks.set(who, this.emit(subnet, 'CommitmentTimelocked', payload))
    } else if (kind === 4) {
      this.emit(subnet, 'Committed', { ...base, fields: null, contentHash: null, source: 'unavailable' })
    } else if (kind === 5) {
      this.emit(subnet, 'Committed', { ...base, fields: [], contentHash: sha256('0x'), source: 'call' })
    } else {
      const fields = [{ kind: 'Raw2', bytes, revealRound: null }]
      this.emit(subnet, 'Committed', { ...base, fields, contentHash: sha256(bytes), source: 'call' })
    }
  }

  private reveal(subnet: ModelSubnet): void {
    const known = [...subnet.timelocks.keys()]
    const who = known.length > 0 ? this.pick(known) : account(this.random(HOTKEYS))
    const plaintext =
      this.random(8) === 0 ? null : `0x${Buffer.from(`c${this.random(CONTENTS)}`).toString('hex')}`
    this.emit(subnet, 'CommitmentRevealed', {
      who,
      uid: subnet.uidOf(who),
      lineage: subnet.lineageOf(who),
      plaintext,
      contentHash: plaintext && sha256(plaintext),
      commitment: subnet.timelocks.get(who) ?? null,
      revealRound: '77',
    })
    // A commitment with several timelocked fields is revealed more than once.
    if (this.random(4) > 0) subnet.timelocks.delete(who)
  }

  private setWeights(subnet: ModelSubnet): void {
    const [uid, holder] = this.pick([...subnet.holders, [this.random(MAX_UIDS), undefined] as const])
    const uids = [0, 1, 2].filter(() => this.random(2) === 0)
    this.emit(subnet, 'WeightsSet', {
      mechanism: this.random(2),
      uid,
      hotkey: holder?.hotkey ?? null,
      source: 'set',
      values: 'call',
      versionKey: this.random(2) === 0 ? null : '18446744073709551615',
      uids,
      hotkeys: uids.map((u) => subnet.holders.get(u)?.hotkey ?? null),
      raw: this.random(3) === 0 ? null : uids.map((u) => u + 1),
      u16: uids.map(() => 65_535),
    })
  }

  private commitWeights(subnet: ModelSubnet): void {
    const who = account(this.random(HOTKEYS))
    const mechanism = this.random(2)
    const commitHash = sha256(account(this.random(1_000_000)))
    const commit = this.emit(subnet, 'WeightsCommitted', {
      mechanism,
      who,
      uid: subnet.uidOf(who),
      kind: 'hash',
      commitHash,
      revealRound: null,
    })
    subnet.weights.push({ who, mechanism, commitHash, commit })
  }

  private endWeightCommit(subnet: ModelSubnet): void {
    if (subnet.weights.length === 0) return
    const [ended] = subnet.weights.splice(this.random(subnet.weights.length), 1)
    if (this.random(2) === 0) {
      this.emit(subnet, 'WeightsRevealed', { ...ended!, uid: subnet.uidOf(ended!.who), kind: 'hash' })
    } else {
      this.emit(subnet, 'WeightsCommitExpired', { ...ended!, kind: 'hash', reason: 'not-revealed-in-time' })
    }
  }

  private swapHotkey(subnet: ModelSubnet): void {
    const [oldHotkey, newHotkey] = [account(this.random(HOTKEYS)), account(this.random(HOTKEYS))]
    if (oldHotkey === newHotkey || subnet.uidOf(newHotkey) !== null) return
    const uid = subnet.uidOf(oldHotkey)
    const holder = uid === null ? undefined : subnet.holders.get(uid)
    const lineage = subnet.lineageOf(oldHotkey)
    subnet.lineage.set(newHotkey, lineage)
    if (holder) holder.hotkey = newHotkey
    this.emit(subnet, 'HotkeySwapped', {
      uid,
      oldHotkey,
      newHotkey,
      coldkey: holder?.coldkey ?? account(900),
      lineage,
      registeredAt: holder?.registeredAt ?? null,
      scope: 'all',
    })
  }

  private swapColdkey(subnet: ModelSubnet): void {
    const [oldColdkey, newColdkey] = [account(900 + this.random(3)), account(900 + this.random(3))]
    if (oldColdkey === newColdkey) return
    const held = [...subnet.holders].filter(([, holder]) => holder.coldkey === oldColdkey)
    for (const [, holder] of held) holder.coldkey = newColdkey
    if (subnet.owner === oldColdkey) subnet.owner = newColdkey
    this.emit(subnet, 'ColdkeySwapped', { oldColdkey, newColdkey, uids: held.map(([uid]) => uid) })
  }

  /** Sometimes two uids change places, as a reconciliation with storage may find. */
  private trim(subnet: ModelSubnet): void {
    const uids = [...subnet.holders.keys()].sort((a, b) => a - b)
    const gone = uids.filter(() => this.random(4) === 0)
    for (const uid of gone) this.end(subnet, uid, 'trimmed', true)
    const stay = uids.filter((uid) => !gone.includes(uid))
    const order = this.random(3) === 0 ? [...stay].reverse() : stay
    const moved = order.flatMap((from, to) => (from === to ? [] : [{ from, to }]))
    const before = new Map(subnet.holders)
    const along = moved.filter(({ from }) => subnet.permits.has(from))
    for (const { from, to } of moved) for (const uid of [from, to]) subnet.permits.delete(uid)
    for (const { to } of along) subnet.permits.add(to)
    subnet.holders = new Map(order.map((from, to) => [to, before.get(from)!]))
    this.emit(subnet, 'UidsTrimmed', {
      maxUids: stay.length,
      moved: moved.map((m) => {
        const { hotkey, registeredAt } = before.get(m.from)!
        return { ...m, hotkey, registeredAt }
      }),
    })
  }

  private emitEpoch(subnet: ModelSubnet): void {
    const uids = [0, 1, 2]
    this.emit(subnet, 'EpochEmitted', {
      mechanism: 0,
      emissions: uids.map((uid) => (this.random(3) === 0 ? '0' : `${uid + 1}9007199254740993`)),
      hotkeys: uids.map((uid) => subnet.holders.get(uid)?.hotkey ?? null),
    })
  }

  /** As a decoder finds them: a permit of somebody who is not known is possible, if the chain says so. */
  private changePermits(subnet: ModelSubnet): void {
    const uids = Array.from({ length: MAX_UIDS }, (_, uid) => uid).filter(() => this.random(3) === 0)
    const before = subnet.permits
    subnet.permits = new Set(uids)
    this.emit(subnet, 'ValidatorPermitsChanged', {
      uids,
      hotkeys: uids.map((uid) => subnet.holders.get(uid)?.hotkey ?? null),
      gained: uids.filter((uid) => !before.has(uid)),
      lost: [...before].filter((uid) => !uids.includes(uid)).sort((a, b) => a - b),
      source: 'epoch',
    })
  }

  private changeParameter(subnet: ModelSubnet): void {
    this.emit(subnet, 'HyperparameterChanged', {
      name: this.pick(['Tempo', 'RegistrationAllowed']),
      value: this.pick(['360', '99', true, false]),
      source: 'event',
    })
  }

  private dissolve(subnet: ModelSubnet): void {
    for (const uid of [...subnet.holders.keys()]) this.end(subnet, uid, 'dissolved', true)
    for (const pending of subnet.weights) {
      this.emit(subnet, 'WeightsCommitExpired', { ...pending, kind: 'hash', reason: 'subnet-dissolved' })
    }
    this.emit(subnet, 'SubnetDissolved', { registeredAt: subnet.instance })
    subnet.instance = -1
    subnet.permits.clear()
    subnet.weights = []
    subnet.timelocks.clear()
    subnet.lineage.clear()
  }
}

/** At least this many events, over two netuids that are dissolved and used again. */
export const randomDrafts = (seed: number, events: number): EventDraft[] =>
  new RandomLog(randomFrom(seed)).draw(events)
