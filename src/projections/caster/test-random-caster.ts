import type { EventType, PayloadOf } from '../../log/catalogue'
import type { EventDraft, Hex } from '../../log/envelope'
import { randomFrom } from '../../log/seeded-random'

const NETUIDS = [67, 167]
const HOTKEYS = 6
const VALIDATORS = 4
const CLAIMS = 3
const MAX_STEPS_PER_BLOCK = 6
const START_MS = 1_763_000_000_000
const BLOCK_TIME_MS = 12_000

const account = (n: number): Hex => `0x${n.toString(16).padStart(64, 'c')}`
const hex64 = (n: number) => n.toString(16).padStart(64, '0')
const uuid = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

interface Place {
  readonly hotkey: Hex
  readonly artifactId: string
}
type Roster = (Place | null)[]

interface Batch {
  readonly batchId: string
  readonly claimIds: string[]
  readonly candidates: Place[]
  readonly sentTo: Set<Hex>
  isClosed: boolean
}

/** What a plausible log needs to remember of one subnet. */
class ModelPlatform {
  readonly scripts = new Map<Hex, string>()
  readonly batches: Batch[] = []
  readonly sessions: { sessionId: string; cell: Cell }[] = []
  roster: Roster = [null, null, null]

  constructor(readonly netuid: number) {}
}

type Cell = Pick<PayloadOf<'TaskGraded'>, 'batchId' | 'validator' | 'artifactId' | 'claimId'>

/** Draws a platform log with every event type of Caster; text is hostile now and then. */
class RandomCaster {
  readonly drafts: EventDraft[] = []
  private readonly platforms = NETUIDS.map((netuid) => new ModelPlatform(netuid))
  private height = 100
  private names = 0

  /** Per cent, cumulated. */
  private readonly odds: readonly (readonly [number, (platform: ModelPlatform) => void])[] = [
    [10, this.submit],
    [16, this.buildDataset],
    [24, this.createBatch],
    [40, this.deliver],
    [47, this.closeBatch],
    [62, this.reportCell],
    [65, this.closeSession],
    [73, this.decideBatch],
    [79, this.registerValidator],
    [85, this.changeGate],
    [92, this.changeAllowlist],
    [100, this.answerWeights],
  ]

  constructor(private readonly random: (below: number) => number) {}

  draw(events: number): EventDraft[] {
    while (this.drafts.length < events) {
      this.height += 1 + this.random(3)
      for (let i = this.random(MAX_STEPS_PER_BLOCK + 1); i > 0; i--) {
        const dice = this.random(100)
        this.odds.find(([below]) => dice < below)![1].call(this, this.pick(this.platforms))
      }
    }
    return this.drafts
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.random(list.length)]!
  }

  private chance = (oneIn: number) => this.random(oneIn) === 0
  private name = () => uuid(++this.names)
  private validator = () => account(100 + this.random(VALIDATORS))
  private text = (word: string) => (this.chance(8) ? `${word}\0\\u0000 "é` : word)

  private get at(): number {
    return START_MS + this.height * BLOCK_TIME_MS
  }

  private emit<T extends EventType>({ netuid }: ModelPlatform, type: T, payload: PayloadOf<T>): void {
    const blockHash: Hex = `0x${hex64(this.height)}`
    const at = { height: this.height, blockHash, blockTime: this.at }
    this.drafts.push({ log: 'platform', netuid, subnetInstance: 1, type, ...at, payload } as EventDraft)
  }

  private submit(platform: ModelPlatform): void {
    const { at } = this
    const hotkey = account(this.random(HOTKEYS))
    const artifactId = this.name()
    const oldArtifact = platform.scripts.get(hotkey)
    platform.scripts.set(hotkey, artifactId)
    const bytes = { contentSha256: hex64(this.names), bytes: 1 + this.random(256_000) }
    const requestHash = hex64(this.names)
    this.emit(platform, 'ScriptSubmitted', { artifactId, hotkey, uidAtSubmit: 3, ...bytes, requestHash, at })
    if (oldArtifact)
      this.emit(platform, 'ScriptSuperseded', { hotkey, oldArtifact, newArtifact: artifactId, at })
  }

  private buildDataset(platform: ModelPlatform): void {
    this.emit(platform, 'DatasetBuilt', {
      datasetId: this.name(),
      claimsSha256: hex64(this.names),
      claimIds: [this.text('a'), 'b'],
      factoidWindow: { from: this.at - 1, to: this.at },
      referenceModel: this.text('model'),
      champion: platform.roster[0] ?? null,
      championWrong: this.random(3),
      total: 2,
      accepted: this.chance(2),
      at: this.at,
    })
  }

  private createBatch(platform: ModelPlatform): void {
    const candidates = [...platform.scripts].map(([hotkey, artifactId]) => ({ hotkey, artifactId }))
    if (candidates.length === 0) return
    const batchId = this.name()
    const claimIds = Array.from({ length: CLAIMS }, (_, n) => this.text(`claim-${n}`))
    const [champion] = platform.roster
    platform.batches.push({ batchId, claimIds, candidates, sentTo: new Set(), isClosed: false })
    this.emit(platform, 'BatchCreated', {
      batchId,
      entrypoint: this.text('evaluate_criterion'),
      datasetId: this.name(),
      claimsSha256: hex64(this.names),
      claimIds,
      cutoffAt: this.at,
      closesAt: this.at + 1,
      candidates: candidates.map((one) => ({
        ...one,
        uid: this.random(256),
        contentSha256: hex64(1),
        bytes: 5,
        submittedAt: this.at,
      })),
      champion: champion ?? null,
      championUid: champion ? 3 : null,
      at: this.at,
    })
  }

  private deliver(platform: ModelPlatform): void {
    const batch = platform.batches.at(-1)
    if (!batch) return
    const { at } = this
    const of = { batchId: batch.batchId, validator: this.validator() }
    const next = batch.sentTo.has(of.validator) ? 1 + this.random(3) : 0
    if (next === 0 || this.chance(6)) {
      batch.sentTo.add(of.validator)
      const sent = { baseUrl: this.text('http://v'), attempt: this.random(3) }
      this.emit(platform, 'BatchSent', { ...of, ...sent, at })
    } else if (next === 1) this.emit(platform, 'BatchAccepted', { ...of, at })
    else if (next === 2)
      this.emit(platform, 'BatchCompleted', { ...of, results: 6, resultsSha256: hex64(4), at })
    else {
      const why = { reason: this.text('timeout'), detail: this.text('late') }
      this.emit(platform, 'BatchFailed', { ...of, ...why, at })
    }
  }

  private closeBatch(platform: ModelPlatform): void {
    const batch = platform.batches.find(({ isClosed }) => !isClosed)
    if (!batch) return
    batch.isClosed = true
    const cause = this.pick(['all_done', 'deadline', 'operator'] as const)
    this.emit(platform, 'BatchClosed', {
      batchId: batch.batchId,
      cause,
      claimsSha256: hex64(6),
      at: this.at,
    })
  }

  private reportCell(platform: ModelPlatform): void {
    const closed = platform.batches.filter(({ isClosed }) => isClosed)
    if (closed.length === 0) return
    const batch = this.pick(closed)
    const { artifactId } = this.pick(batch.candidates)
    const sent = [...batch.sentTo]
    const validator = sent.length > 0 ? this.pick(sent) : this.validator()
    const cell = { batchId: batch.batchId, validator, artifactId, claimId: this.pick(batch.claimIds) }
    // A validator names its sessions itself: now and then twice alike, or as another one does.
    const known = platform.sessions.at(-1)
    const sessionId = known && this.chance(6) ? known.sessionId : this.name()
    const { at } = this
    this.emit(platform, 'SessionOpened', { sessionId, ...cell, budgetMicroUsd: '50000', at })
    this.callTools(platform, cell, sessionId)
    platform.sessions.push({ sessionId, cell })
    if (!this.chance(4)) this.closeSession(platform)
    if (this.chance(4)) {
      const failed = { sessionId: this.chance(2) ? null : sessionId, errorCode: 'timeout', runtimeMs: 9 }
      this.emit(platform, 'MinerFailed', { ...cell, ...failed, at })
    } else this.answer(platform, cell, sessionId)
    this.grade(platform, cell)
  }

  private callTools(platform: ModelPlatform, cell: Cell, sessionId: string): void {
    for (let n = this.random(3); n > 0; n--) {
      this.emit(platform, 'ToolCalled', {
        receiptId: this.text(this.name()),
        sessionId,
        ...cell,
        tool: this.text('search_web'),
        outcome: this.pick(['ok', 'provider_error', 'budget_exceeded', 'timeout']),
        requestHash: hex64(7),
        responseHash: hex64(8),
        resultPolicy: this.pick(['referenceable', 'log_only']),
        costMicroUsd: this.pick(['0', '2500', '18446744073709551615']),
        resultIds: [this.text('r1')],
        issuedAt: this.at,
        at: this.at,
      })
    }
  }

  private closeSession(platform: ModelPlatform): void {
    const open = platform.sessions.pop()
    if (!open) return
    const { sessionId, cell } = open
    this.emit(platform, 'SessionClosed', { sessionId, ...cell, usedMicroUsd: '2500', at: this.at })
  }

  private answer(platform: ModelPlatform, cell: Cell, sessionId: string): void {
    const { at } = this
    const given = { verdict: this.random(3) - 1, justificationSha256: hex64(9), citations: 2, runtimeMs: 3 }
    this.emit(platform, 'MinerAnswered', { ...cell, sessionId, ...given, at })
    const cited = { ...cell, position: 0, receiptId: this.text('receipt'), resultId: this.text('result') }
    if (this.chance(2)) {
      const from = { url: this.chance(3) ? null : this.text('https://x'), note: null }
      this.emit(platform, 'CitationHydrated', { ...cited, ...from, at })
    } else this.emit(platform, 'CitationDropped', { ...cited, reason: this.text('unknown receipt'), at })
  }

  private grade(platform: ModelPlatform, cell: Cell): void {
    const total = this.pick([0, 0.5, 1] as const)
    this.emit(platform, 'TaskGraded', {
      ...cell,
      status: this.pick(['answered', 'failed']),
      verdictScore: total === 0 ? 0 : 0.5,
      supportScore: total === 1 ? 0.5 : 0,
      total,
      graderModel: total === 0 ? null : this.text('gpt-oss-20b'),
      rationaleSha256: total === 0 ? null : hex64(10),
      costMicroUsd: '2500',
      runtimeMs: this.random(5_000),
      at: this.at,
    })
  }

  private decideBatch(platform: ModelPlatform): void {
    const closed = platform.batches.filter(({ isClosed }) => isClosed)
    if (closed.length === 0) return
    const { batchId, candidates } = this.pick(closed)
    const ruled = { ruleVersion: 'rules/1', policyId: this.text('caster/top3'), at: this.at }
    for (const one of candidates) {
      const isTimed = this.chance(2)
      this.emit(platform, 'ScoresAggregated', {
        batchId,
        ...one,
        perClaimMedian: [0.25, 1, 0],
        total: 1.25,
        costUsd: isTimed ? 0.0025 : null,
        runtimeMs: isTimed ? 1_500.5 : null,
        validatorsCounted: [this.validator()],
        validatorsExcluded: [{ hotkey: this.validator(), reason: this.text('incomplete') }],
        ...ruled,
      })
    }
    const challenger = this.pick(candidates)
    const before = platform.roster
    const [first] = before
    const isChanged = this.chance(2)
    this.emit(platform, 'ChallengerCompared', {
      batchId,
      order: 0,
      challenger: { ...challenger, total: 1.25 },
      incumbent: first ? { ...first, total: this.chance(3) ? null : 1 } : null,
      needed: this.chance(4) ? null : 1,
      beats: isChanged,
      cause: isChanged ? this.pick(['score', 'cost', 'runtime']) : null,
      effect: isChanged ? 'promoted' : 'unchanged',
      ...ruled,
    })
    if (isChanged) platform.roster = [challenger, before[0] ?? null, before[1] ?? null]
    const move = { batchId, before, after: platform.roster, cause: this.text('score'), ...ruled }
    this.emit(platform, isChanged ? 'RosterChanged' : 'RosterUnchanged', move)
  }

  private registerValidator(platform: ModelPlatform): void {
    const hotkey = this.validator()
    const baseUrl = this.text('http://127.0.0.1')
    const { at } = this
    const requestHash = hex64(12)
    this.emit(platform, 'ValidatorRegistered', {
      hotkey,
      uid: 1,
      baseUrl,
      firstAt: START_MS,
      requestHash,
      at,
    })
  }

  private changeGate(platform: ModelPlatform): void {
    const functioning = this.chance(2)
    this.emit(platform, 'ValidatorFunctioningChanged', {
      hotkey: this.validator(),
      lastSuccessAt: this.chance(2) ? null : this.at,
      functioning,
      reason: functioning ? 'within_limit' : 'limit_passed',
      shutsAt: functioning ? this.at + 1 : null,
      at: this.at,
    })
  }

  private changeAllowlist(platform: ModelPlatform): void {
    const { at } = this
    const actor = this.text('operator')
    this.emit(platform, 'AllowlistChanged', { hotkey: this.validator(), added: !this.chance(3), actor, at })
  }

  private answerWeights(platform: ModelPlatform): void {
    const { at } = this
    const validator = this.validator()
    const weightsSha256 = hex64(this.height)
    const dice = this.random(3)
    if (dice === 0) {
      this.emit(platform, 'WeightsComputed', {
        batchId: platform.batches[0]?.batchId ?? null,
        roster: platform.roster,
        uidMap: [{ hotkey: account(1), uid: 3 }],
        weights: [{ uid: 3, weight: 0.6 }],
        height: this.height,
        policyId: this.text('caster/top3'),
        weightsSha256,
        at,
      })
    } else if (dice === 1) this.emit(platform, 'WeightsServed', { validator, weightsSha256, at })
    else this.emit(platform, 'WeightsDenied', { validator, reason: this.text('limit_passed'), at })
  }
}

/** At least this many events of Caster's platform, over two netuids. */
export const randomCasterDrafts = (seed: number, events: number): EventDraft[] =>
  new RandomCaster(randomFrom(seed)).draw(events)
