import type { WeightEnforcement } from './policy'

/** A target as the snapshot gives it: exactly one of uid and hotkey. */
export interface WeightTarget {
  readonly uid?: number
  readonly hotkey?: string
  readonly weight: number
}

export interface SnapshotPolicy {
  readonly mode: 'local' | 'burn_uid0' | 'targets'
  readonly targets: readonly WeightTarget[]
  /** blocked, ready or active; `active` needs mode `targets`. */
  readonly transitionStatus?: string
}

const TRANSITIONS: readonly string[] = ['blocked', 'ready', 'active']

export type ParsedPolicy =
  | { readonly kind: 'local' }
  | { readonly kind: 'targets'; readonly targets: readonly WeightTarget[] }
  | { readonly kind: 'rejected'; readonly reason: string }

/** Parsing and the SN94 rule: contract hotkey 0.10, UID 0 0.90 after normalising, and no other target (spec autoresearch §9.1). */
export function parseWeightPolicy(policy: SnapshotPolicy, rule: WeightEnforcement): ParsedPolicy {
  const rejected = (reason: string): ParsedPolicy => ({ kind: 'rejected', reason })
  const { transitionStatus: status } = policy
  if (status !== undefined && !TRANSITIONS.includes(status))
    return rejected(`unknown transition status ${status}`)
  if (policy.transitionStatus === 'active' && policy.mode !== 'targets') {
    return rejected('active transition requires mode targets')
  }
  if (policy.mode === 'local') return { kind: 'local' }
  if (policy.mode === 'burn_uid0') return { kind: 'targets', targets: [{ uid: rule.burnUid, weight: 1 }] }
  if (policy.mode !== 'targets') return rejected(`unknown mode ${String(policy.mode)}`)
  for (const target of policy.targets) {
    if ((target.uid === undefined) === (target.hotkey === undefined)) return rejected('exactly one selector')
    if (!(target.weight > 0 && Number.isFinite(target.weight))) return rejected('weight must be > 0')
    if (target.uid !== undefined && !(Number.isInteger(target.uid) && target.uid >= 0))
      return rejected('uid must be >= 0')
  }
  const total = policy.targets.reduce((sum, target) => sum + target.weight, 0)
  const targets = policy.targets.map((target) => ({ ...target, weight: target.weight / total }))
  const fault = enforcementFault(targets, rule)
  return fault === undefined ? { kind: 'targets', targets } : rejected(fault)
}

function enforcementFault(targets: readonly WeightTarget[], rule: WeightEnforcement): string | undefined {
  const burn = targets.filter((target) => target.uid === rule.burnUid)
  const contract = targets.filter((target) => target.hotkey === rule.contractHotkey)
  if (burn.length === 0) return `UID${rule.burnUid} target absent`
  if (contract.length === 0) return 'contract hotkey target absent'
  if (targets.length !== 2) return 'only the two required targets may appear'
  const differs = (weight: number, required: number) => Math.abs(weight - required) > rule.tolerance
  if (differs(contract[0]!.weight, rule.contractShare)) {
    return `|${contract[0]!.weight}-${rule.contractShare.toFixed(2)}| > ${rule.tolerance}`
  }
  if (differs(burn[0]!.weight, rule.burnShare)) {
    return `|${burn[0]!.weight}-${rule.burnShare.toFixed(2)}| > ${rule.tolerance}`
  }
  return undefined
}

/** What changed-detection compares: targets by key, weights rounded to 12 decimals (spec §9.1). */
export function policyFingerprint(targets: readonly WeightTarget[]): string {
  const entries = targets.map(({ uid, hotkey, weight }) => ({
    key: uid === undefined ? `hotkey:${hotkey}` : `uid:${uid}`,
    weight: Number(weight.toFixed(12)),
  }))
  return JSON.stringify(entries.sort((a, b) => (a.key < b.key ? -1 : 1)))
}
