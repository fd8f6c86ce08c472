import type { Hex } from '../../../log/envelope'
import type { Registration, RevealedCommitment } from '../../core/chain-facts'
import type { BitrecsState } from '../state'
import type { Artifact } from './artifact'
import type { GistSnapshot } from './gist'
import type { InclusionProof } from './inclusion-proof'
import type { Finding } from './refusal'
import type { MinerSubmission, Transport } from './request'
import type { SubmissionRules } from './rules'

/** A request as it came in; nothing of it is believed yet. */
export interface Incoming {
  readonly command: 'submit' | 'check'
  readonly submission: MinerSubmission
  /** Null: /check. */
  readonly transport: Transport | null
  /** The hotkey as 32 bytes; null when it is no address. */
  readonly account: Hex | null
  /** By the platform's clock (ms since the Unix epoch). */
  readonly arrivedMs: number
  /** 32 hex digits, given back to the miner. */
  readonly requestId: string
  /** UUID v4 for the agent, if there will be one. */
  readonly agentId: string
}

export interface FoundCommitment {
  readonly reveal: RevealedCommitment
  readonly proof: InclusionProof | null
}

export interface Placed {
  readonly model: string
  readonly vector: Float32Array
}

/** What was looked up for a request, one check after the other; what is not there was not reached. */
export interface Findings {
  transportSigned?: boolean
  submissionSigned?: boolean
  gist?: Finding<GistSnapshot>
  artifact?: Finding<Artifact>
  /** Result of the template rules: nothing to do with the state, and dear enough to be done once. */
  rulesKept?: Finding<true>
  registration?: Registration | null
  providerKey?: Finding<true>
  commitment?: Finding<FoundCommitment>
  textSha256?: string
  /** Null: the embedder failed. */
  placed?: Placed | null
}

/** What a check looks at: all of it is data. */
export interface CheckContext {
  readonly state: Readonly<BitrecsState>
  /** When it is decided (ms since the Unix epoch). */
  readonly nowMs: number
  readonly rules: SubmissionRules
  readonly incoming: Incoming
  readonly found: Findings
}
