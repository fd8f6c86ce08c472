import type { EmittedWeights } from '../emit-u16'
import type { AutoresearchPolicy } from './policy'
import { type Metagraph, type Resolution, resolveWeights } from './resolve-weights'
import { policyFingerprint, type SnapshotPolicy } from './weight-policy'

export interface AutoresearchView {
  readonly snapshot: SnapshotPolicy
  readonly metagraph: Metagraph
}

export interface AutoresearchDecision {
  readonly policyId: string
  readonly height: number
  readonly outcome: Resolution['outcome']
  /** Shares of hotkeys, without the burn. Empty when nothing is to be set. */
  readonly weights: readonly { readonly hotkey: string; readonly uid: number; readonly share: number }[]
  /** Share that UID 0 takes as burn; 0 when nothing is to be set. */
  readonly burn: number
  readonly u16: EmittedWeights
  readonly evidence: {
    readonly reason: string | null
    readonly fingerprint: string
    readonly versionKey: number
  }
}

/** The weights of SN94: what the snapshot's policy says, resolved at one block (spec autoresearch §9). */
export function decide(view: AutoresearchView, policy: AutoresearchPolicy): AutoresearchDecision {
  const resolution = resolveWeights(view.snapshot, view.metagraph, policy)
  const isSet = resolution.outcome === 'submit'
  const { burnUid, contractHotkey } = policy.enforcement
  const all = isSet ? resolution.weights : []
  // Should the contract sit at UID 0 its share is still the contract's, although the chain sees one number.
  const isContractAtBurn = all.some(({ uid, hotkey }) => uid === burnUid && hotkey === contractHotkey)
  const contractShare = isContractAtBurn ? policy.enforcement.contractShare : 0
  const atBurn = all.find(({ uid }) => uid === burnUid)?.share ?? 0
  const others = all
    .filter(({ uid }) => uid !== burnUid)
    .map(({ uid, hotkey, share }) => ({ hotkey: hotkey ?? '', uid, share }))
  return {
    policyId: policy.id,
    height: view.metagraph.height,
    outcome: resolution.outcome,
    weights: isContractAtBurn
      ? [{ hotkey: contractHotkey, uid: burnUid, share: contractShare }, ...others]
      : others,
    burn: atBurn - contractShare,
    u16: isSet ? resolution.u16 : { uids: [], values: [] },
    evidence: {
      reason: 'reason' in resolution ? resolution.reason : null,
      fingerprint: policyFingerprint(view.snapshot.targets),
      versionKey: policy.versionKey,
    },
  }
}
