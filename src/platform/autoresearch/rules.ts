import type {
  Acceptance,
  AcceptedResult,
  ClaimVerdict,
  Comparison,
  IdeaSubmission,
  LedgerFault,
  PeerEvaluation,
  PeerTally,
  Policy,
  ReplaySpec,
  SnapshotView,
  SubmissionRecord,
  TaskRules,
  WeightPolicy,
  WorkClaim,
} from './rule-values'

type Direction = 'minimize' | 'maximize'

/**
 * What commands ask of the mechanism. It lies in a layer above the platform, so it is handed in: the functions of
 * `src/mechanisms/autoresearch` and `src/mechanisms/claims` as they are, but for the claim tree, whose bytes become hex.
 */
export interface AutoresearchRules {
  readonly defaultPolicy: Policy
  /** @throws for what is no policy */
  readonly readPolicy: (json: unknown) => Policy
  /** Fields of a policy that nobody ever published, by JSON pointer. */
  readonly unpublished: (policy: Policy) => readonly { readonly path: string; readonly note: string }[]
  readonly policyAt: (history: readonly Policy[], height: number) => Policy | undefined
  readonly signingMessage: (request: {
    readonly method: string
    readonly path: string
    readonly query: string
    readonly timestamp: number
    readonly body: Uint8Array | string
  }) => string
  readonly freezeSpec: (spec: ReplaySpec) => { readonly canonical: string; readonly specHash: string }
  readonly checkPatch: (
    patch: string,
    allowed: readonly string[],
    maxBytes: number,
  ) => { readonly rejection?: string; readonly offending: readonly string[] }
  readonly openClaim: (hotkey: string, createdAtMs: number, minutes: number) => WorkClaim
  /** The claim afterwards, or the code of the refusal. */
  readonly actOnClaim: (
    claim: WorkClaim,
    action: 'submit' | 'cancel',
    hotkey: string,
    nowMs: number,
  ) => WorkClaim | string
  readonly ideaFault: (candidate: IdeaSubmission, earlier: readonly IdeaSubmission[]) => string | undefined
  readonly ideaRewards: (submissions: readonly IdeaSubmission[]) => readonly {
    readonly ideaSubmissionId: string
    readonly ideaHotkey: string
    readonly implementedBy: string
    readonly implementerHotkey: string
    readonly amountUnits: null
  }[]
  readonly acceptance: (record: SubmissionRecord, task: TaskRules, policy: Policy) => Acceptance
  /** The tally afterwards, or the code of the refusal. */
  readonly addPeer: (
    tally: PeerTally,
    evaluation: PeerEvaluation,
    author: string,
    quorum: number,
  ) => PeerTally | string
  readonly compareResults: (
    incumbent: AcceptedResult | undefined,
    candidate: AcceptedResult,
    direction: Direction,
    policy: Policy['comparator'],
    secondaryDirection?: Direction,
  ) => Comparison
  readonly comparatorFor: (
    task: { readonly noiseUnit: 'nats' | 'absolute' | null; readonly noiseBand: number | null },
    policy: Policy['comparator'],
  ) => Policy['comparator']
  /** Median of each metric over several observers. */
  readonly medianMetrics: (
    observations: readonly Readonly<Record<string, number>>[],
  ) => Readonly<Record<string, number>>
  readonly bestOf: (
    results: readonly AcceptedResult[],
    direction: Direction,
    policy: Policy['comparator'],
    secondaryDirection?: Direction,
  ) => { readonly best?: AcceptedResult }
  readonly paretoFrontier: (
    results: readonly AcceptedResult[],
    directions: { readonly primary: Direction; readonly secondary: Direction },
  ) => readonly AcceptedResult[]
  readonly explainBest: (
    results: readonly AcceptedResult[],
    submissionId: string,
    direction: Direction,
    policy: Policy['comparator'],
    pareto?: { readonly primary: Direction; readonly secondary: Direction },
  ) => unknown
  readonly parseWeightPolicy: (
    policy: WeightPolicy,
    rule: Policy['enforcement'],
  ) => { readonly kind: string; readonly reason?: string }
  readonly rewardSnapshot: (
    view: SnapshotView,
    policy: Policy,
  ) => { readonly body: string; readonly sha256: string }
  readonly splitBudget: (
    budget: bigint,
    competitions: readonly { readonly slug: string; readonly weight: number }[],
  ) => { readonly amounts: ReadonlyMap<string, bigint>; readonly dust: bigint }
  readonly claims: ClaimRules
}

/** One leaf of an epoch before it is hashed. */
export interface Leaf {
  readonly index: number
  readonly hotkey: string
  readonly recipient: string
  /** Running total, smallest units. */
  readonly amount: bigint
}

export interface LeafList {
  readonly epoch: number
  readonly schemeId: string
  /** bytes32 as hex: the lane that emission leaves bind. */
  readonly laneId: string
  readonly leaves: readonly Leaf[]
}

/** A tree that was built, with its proofs as hex. */
export interface BuiltTree {
  readonly root: `0x${string}`
  readonly total: bigint
  readonly proof: (index: number) => readonly string[]
  /** Why a presented proof is not that of the leaf; undefined when it is. */
  readonly proofFault: (index: number, proof: readonly string[]) => string | undefined
  /** Why the epoch may not be published. */
  readonly gate: (
    backing: readonly (Backing | undefined)[],
    declared: { readonly root: string; readonly total: bigint },
  ) => readonly { readonly reason: string; readonly index?: number }[]
}

export interface Backing {
  readonly selfValidation: string
  readonly acceptedCount: number
  readonly committeeSize: number
}

export interface Amounts {
  readonly epoch: number
  readonly amounts: ReadonlyMap<string, bigint>
}

export interface ClaimRules {
  /** Whether a scheme of this name can hash leaves. @throws LedgerError SL-CLAIMS-… */
  readonly checkScheme: (schemeId: string) => void
  /** Whether the scheme's leaf can name this recipient. */
  readonly takesRecipient: (schemeId: string, recipient: string) => boolean
  /** @throws LedgerError SL-CLAIMS-… */
  readonly build: (list: LeafList) => BuiltTree
  readonly nextEpoch: (previous: Amounts | undefined, earned: ReadonlyMap<string, bigint>) => Amounts
  readonly checkLedger: (
    epochs: readonly Amounts[],
    budgets: ReadonlyMap<number, bigint>,
    paid: ReadonlyMap<string, bigint>,
  ) => readonly LedgerFault[]
  readonly dryRun: (
    claim: {
      readonly hotkey: string
      readonly epoch: number
      readonly amount: bigint
      readonly minTransfer: bigint
    },
    claimedBefore: bigint,
  ) => { readonly verdict: ClaimVerdict; readonly delta: bigint; readonly claimedAfter: bigint }
}
