import type {
  Aggregation,
  ArtifactAggregate,
  CasterRequest,
  CitationPair,
  Comparison,
  Curation,
  Emission,
  Functioning,
  Grade,
  GradedAnswer,
  Hydration,
  MinerResponse,
  Policy,
  Receipt,
  Roster,
  RosterEntry,
  Standing,
  SubmittedScript,
  ValidatorMatrix,
} from './rule-values'

/**
 * What commands ask of the mechanism. It lies in a layer above the platform, so it is handed in: the functions of
 * `src/mechanisms/caster` as they are.
 */
export interface CasterRules {
  readonly defaultPolicy: Policy
  /** @throws for what is no policy */
  readonly readPolicy: (json: unknown) => Policy
  readonly policyAt: (history: readonly Policy[], height: number) => Policy | undefined
  readonly signingMessage: (request: CasterRequest) => string
  readonly parseAuthorization: (
    header: string,
  ) => { readonly ss58: string; readonly signature: string } | undefined
  readonly maxScriptBytes: number
  /** The script's hash and size, or the code of what is wrong with it. */
  readonly checkScript: (
    bytes: Uint8Array,
    declaredSha256: string,
    isKnown: (sha256: string) => boolean,
  ) => { readonly contentHash: string; readonly sizeBytes: number } | string
  /** What is wrong with a request to a miner. */
  readonly requestFault: (request: unknown) => string | undefined
  /** A miner's answer, or the code of its fault. */
  readonly parseResponse: (answer: unknown, allowed: readonly number[]) => MinerResponse | string
  readonly grade: (answer: GradedAnswer, reference: number, isSupported: boolean | null) => Grade
  readonly hydrate: (
    citations: readonly CitationPair[],
    session: string,
    receipts: Readonly<Record<string, Receipt>>,
  ) => Hydration
  readonly curate: (
    claims: readonly { readonly reference: number; readonly champion: number | null }[] | null,
    minimumWrongShare: number,
    claimCount?: number,
  ) => Curation
  readonly batchCandidates: <T extends SubmittedScript>(
    scripts: readonly T[],
    cutoffMs: number,
    champion?: RosterEntry,
  ) => T[]
  readonly aggregate: (
    matrices: readonly ValidatorMatrix[],
    artifactCount: number,
    taskCount: number,
  ) => Aggregation
  readonly withTotals: (
    candidates: readonly SubmittedScript[],
    aggregates: readonly ArtifactAggregate[],
    taskCount: number,
  ) => Standing[]
  readonly emptyRoster: (policy: Policy) => Roster
  readonly decideRoster: (
    before: Roster,
    candidates: readonly Standing[],
    policy: Policy,
  ) => { readonly roster: Roster; readonly comparisons: readonly Comparison[] }
  readonly rosterEmission: (
    roster: Roster,
    uidOf: Readonly<Record<string, number>>,
    policy: Policy,
  ) => Emission
  readonly weightsByUid: (emission: Emission, burnUid: number) => Map<number, number>
  readonly functioning: (
    clock: { readonly firstRegisteredAtMs: number; readonly lastSuccessAtMs: number | null },
    nowMs: number,
    policy: Policy,
  ) => Functioning
}
