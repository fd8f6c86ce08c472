import type { EventType, PayloadOf } from '../log/catalogue'
import type { EventDraft, Hex } from '../log/envelope'
import { sampleHash } from '../log/sample-drafts'
import { randomFrom } from '../log/seeded-random'

/** Blocks of 12 s between two epochs. */
const TEMPO_BLOCKS = 360
const BLOCK_TIME_MS = 12_000
const UIDS = 256
const VALIDATORS = 12

/**
 * How often things happen in one busy subnet, a tempo (72 minutes). Each of 256 miners commits every eight hours, one in
 * five behind a timelock; 12 validators set weights once, two thirds of them by a timelocked commit, most of them for a
 * handful of uids (winner takes most), one in twenty for all 256; four uids are taken over; one epoch pays.
 */
const PER_TEMPO = {
  commitments: 40,
  timelockedShare: 0.2,
  hiddenWeightsShare: 0.67,
  fullVectorShare: 0.05,
  registrations: 4,
  hyperparameters: 0.1,
  hotkeySwaps: 0.05,
  coldkeySwaps: 0.02,
  trims: 0.002,
  dissolutions: 0.0005,
} as const

interface Holder {
  hotkey: Hex
  coldkey: Hex
  registeredAt: number
}

type Ref = { height: number; eventIndex: number }

interface Due {
  readonly height: number
  readonly act: () => void
}

/** One subnet: who holds which uid, and what falls due at later blocks. */
class Subnet {
  private instance = -1
  private holders: Holder[] = []
  private due: Due[] = []
  private height = 0
  private eventIndex = 0

  constructor(
    private readonly netuid: number,
    private readonly random: (below: number) => number,
    private readonly out: EventDraft[],
    private readonly counter: { next: number },
  ) {}

  /** One block of this subnet; `eventIndex` begins where the subnets before left it. */
  block(height: number, tick: number): void {
    this.height = height
    this.eventIndex = this.netuid * 1_000
    if (this.instance < 0) this.begin()
    if (this.due[0] && this.due[0].height <= height) this.runDue()
    if (tick % TEMPO_BLOCKS === this.netuid % TEMPO_BLOCKS) this.planTempo()
  }

  private chance(share: number): boolean {
    return this.random(1_000_000) < share * 1_000_000
  }

  private fresh = (): Hex => sampleHash(this.counter.next++)

  private emit<T extends EventType>(type: T, payload: PayloadOf<T>, actor?: Hex): Ref {
    const ref = { height: this.height, eventIndex: this.eventIndex }
    this.eventIndex += 4
    this.out.push({
      log: 'chain',
      netuid: this.netuid,
      subnetInstance: this.instance,
      type,
      ...ref,
      blockHash: sampleHash(50_000_000 + this.height),
      blockTime: 1_700_000_000_000 + this.height * BLOCK_TIME_MS,
      ...(actor && { extrinsicIndex: 2 + (ref.eventIndex % 40), callPath: [], actor }),
      payload,
    })
    return ref
  }

  private begin(): void {
    this.instance = this.height
    this.holders = []
    this.due = []
    const source = 'event' as const
    this.emit('SubnetRegistered', { modality: 0, ownerColdkey: this.fresh(), ownerHotkey: null, source })
    for (let uid = 0; uid < UIDS; uid++) this.register(uid)
  }

  private runDue(): void {
    const now = this.due.filter(({ height }) => height <= this.height)
    this.due = this.due.filter(({ height }) => height > this.height)
    for (const { act } of now) if (this.instance >= 0) act()
  }

  /** What this tempo brings, each at a block of its own choice. */
  private planTempo(): void {
    const plan = (times: number, act: () => void, within = TEMPO_BLOCKS) => {
      for (let left = times; left > 0; left--) {
        if (left < 1 && !this.chance(left)) return
        this.due.push({ height: this.height + 1 + this.random(within - 1), act })
      }
    }
    this.emitEpoch()
    plan(PER_TEMPO.commitments, () => this.commit())
    for (let uid = 0; uid < VALIDATORS; uid++) plan(1, () => this.weights(uid))
    plan(PER_TEMPO.registrations, () =>
      this.register(VALIDATORS + this.random(this.holders.length - VALIDATORS)),
    )
    plan(PER_TEMPO.hyperparameters, () => this.changeParameter())
    plan(PER_TEMPO.hotkeySwaps, () => this.swapHotkey())
    plan(PER_TEMPO.coldkeySwaps, () => this.swapColdkey())
    plan(PER_TEMPO.trims, () => this.trim())
    plan(PER_TEMPO.dissolutions, () => this.dissolve())
    this.due.sort((a, b) => a.height - b.height)
  }

  private plan(height: number, act: () => void): void {
    this.due.push({ height, act })
    this.due.sort((a, b) => a.height - b.height)
  }

  private register(uid: number): void {
    const before = this.holders[uid]
    if (before) this.end(uid, 'replaced')
    const [hotkey, coldkey] = [this.fresh(), this.fresh()]
    this.holders[uid] = { hotkey, coldkey, registeredAt: this.height }
    const payload = { uid, hotkey, coldkey, lineage: hotkey, registeredAt: this.height }
    this.emit('NeuronRegistered', { ...payload, replaced: before?.hotkey ?? null, source: 'event' }, hotkey)
  }

  private end(uid: number, reason: 'replaced' | 'trimmed' | 'dissolved'): void {
    const { hotkey, registeredAt } = this.holders[uid]!
    this.emit('TenureEnded', { uid, hotkey, registeredAt, reason, weightsCleared: true })
  }

  private commit(): void {
    const uid = this.random(this.holders.length)
    const { hotkey: who } = this.holders[uid]!
    const base = { who, uid, lineage: who, source: 'call' as const }
    const text = `https://gist.example/miner${this.random(9_999)}/${this.fresh().slice(2, 42)}`
    const bytes = `0x${Buffer.from(text).toString('hex')}`
    if (!this.chance(PER_TEMPO.timelockedShare)) {
      const fields = [{ kind: `Raw${text.length}`, bytes, revealRound: null }]
      this.emit('Committed', { ...base, fields, contentHash: this.fresh() }, who)
      return
    }
    const revealRound = String(20_000_000 + this.height * 4)
    const hidden = `${bytes}${'5c'.repeat(120)}`
    const fields = [{ kind: 'TimelockEncrypted', bytes: hidden, revealRound }]
    const commitment = this.emit(
      'CommitmentTimelocked',
      { ...base, fields, contentHash: null, revealRound },
      who,
    )
    this.plan(this.height + 20, () =>
      this.emit('CommitmentRevealed', {
        who,
        uid,
        lineage: who,
        plaintext: bytes,
        contentHash: this.fresh(),
        commitment,
        revealRound,
      }),
    )
  }

  private weights(uid: number): void {
    const { hotkey: who } = this.holders[uid]!
    if (!this.chance(PER_TEMPO.hiddenWeightsShare)) {
      this.setWeights(uid, 'set')
      return
    }
    const commitHash = this.fresh()
    const hidden = { mechanism: 0, who, uid, kind: 'timelocked' as const, commitHash }
    const revealRound = String(20_000_000 + this.height * 4)
    const commit = this.emit('WeightsCommitted', { ...hidden, revealRound }, who)
    this.plan(this.height + TEMPO_BLOCKS, () => {
      this.emit('WeightsRevealed', { ...hidden, commit })
      this.setWeights(uid, 'timelocked')
    })
  }

  private setWeights(uid: number, source: 'set' | 'timelocked'): void {
    const size = this.chance(PER_TEMPO.fullVectorShare) ? this.holders.length : 1 + this.random(5)
    const first = this.random(this.holders.length - size + 1)
    const uids = Array.from({ length: size }, (_, i) => first + i)
    const raw = uids.map(() => 1 + this.random(65_535))
    const { hotkey } = this.holders[uid]!
    this.emit('WeightsSet', {
      mechanism: 0,
      uid,
      hotkey,
      source,
      values: 'call',
      versionKey: '1001',
      uids,
      hotkeys: uids.map((target) => this.holders[target]!.hotkey),
      raw,
      u16: raw,
    })
  }

  private emitEpoch(): void {
    const paid = new Set(Array.from({ length: 5 }, () => this.random(this.holders.length)))
    this.emit('EpochEmitted', {
      mechanism: 0,
      emissions: this.holders.map((_, uid) =>
        paid.has(uid) ? String(1_000_000_000 + this.random(9_999)) : '0',
      ),
      hotkeys: this.holders.map(({ hotkey }) => hotkey),
    })
  }

  private changeParameter(): void {
    const name = ['Tempo', 'MaxAllowedUids', 'ImmunityPeriod'][this.random(3)]!
    this.emit('HyperparameterChanged', { name, value: String(this.random(10_000)), source: 'event' })
  }

  private swapHotkey(): void {
    const uid = this.random(this.holders.length)
    const holder = this.holders[uid]!
    const { hotkey: oldHotkey, coldkey, registeredAt } = holder
    const newHotkey = this.fresh()
    holder.hotkey = newHotkey
    const keys = { oldHotkey, newHotkey, coldkey, lineage: oldHotkey }
    this.emit('HotkeySwapped', { uid, ...keys, registeredAt, scope: 'all' }, coldkey)
  }

  private swapColdkey(): void {
    const uid = this.random(this.holders.length)
    const oldColdkey = this.holders[uid]!.coldkey
    const newColdkey = this.fresh()
    this.holders[uid]!.coldkey = newColdkey
    this.emit('ColdkeySwapped', { oldColdkey, newColdkey, uids: [uid] }, oldColdkey)
  }

  /** An eighth of the miners goes; the subnet fills up again at once. */
  private trim(): void {
    const gone = new Set(
      Array.from({ length: UIDS / 8 }, () => VALIDATORS + this.random(this.holders.length - VALIDATORS)),
    )
    for (const uid of [...gone].sort((a, b) => a - b)) this.end(uid, 'trimmed')
    const stay = this.holders.flatMap((holder, from) => (gone.has(from) ? [] : [{ ...holder, from }]))
    const moved = stay.flatMap(({ from, hotkey, registeredAt }, to) =>
      from === to ? [] : [{ from, to, hotkey, registeredAt }],
    )
    this.holders = stay.map(({ hotkey, coldkey, registeredAt }) => ({ hotkey, coldkey, registeredAt }))
    this.emit('UidsTrimmed', { maxUids: stay.length, moved })
    for (let uid = stay.length; uid < UIDS; uid++) this.register(uid)
  }

  private dissolve(): void {
    for (let uid = 0; uid < this.holders.length; uid++) this.end(uid, 'dissolved')
    this.emit('SubnetDissolved', { registeredAt: this.instance })
    this.instance = -1
    this.due = []
  }
}

/** Events of these subnets, block by block, without end; the same seed gives the same ones. */
export function* realisticLog(seed: number, netuids: readonly number[]): Generator<EventDraft> {
  const random = randomFrom(seed)
  const out: EventDraft[] = []
  const counter = { next: 1 }
  const subnets = netuids.map((netuid) => new Subnet(netuid, random, out, counter))
  for (let tick = 0; ; tick++) {
    for (const subnet of subnets) subnet.block(1_000_000 + tick, tick)
    yield* out.splice(0)
  }
}
