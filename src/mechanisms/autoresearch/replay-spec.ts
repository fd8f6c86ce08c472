import { canonicalJson, type Json } from '../canonical-json'
import { sha256Hex } from '../sha256-hex'
import type { Direction } from './task'

/** What a validator replays: a copy taken at submission, which later edits of the task cannot reach (spec autoresearch §6.1). */
export interface ReplaySpec {
  readonly repository: string
  readonly base_ref: string
  /** 40 hex digits; the checkout target when present. */
  readonly base_commit_sha: string | null
  readonly setup_command: string | null
  readonly benchmark_command: string
  readonly result_path: string | null
  readonly allowed_patch_paths: readonly string[]
  readonly metric_name: string
  readonly metric_direction: Direction
  readonly ranking_mode: 'scalar' | 'pareto'
  readonly secondary_metric_name: string | null
  readonly secondary_metric_direction: Direction | null
  readonly validator_benchmark_env: Readonly<Record<string, string>>
  readonly time_budget_seconds: number
  readonly max_patch_bytes: number
}

export interface FrozenSpec {
  readonly canonical: string
  /** SHA-256 of the canonical text, lower-case hex. */
  readonly specHash: string
}

/** Freezes a specification: its canonical JSON and the hash that every job repeats. */
export function freezeSpec(spec: ReplaySpec): FrozenSpec {
  const canonical = canonicalJson(spec as unknown as Json)
  return { canonical, specHash: sha256Hex(canonical) }
}

/** Whether a job's specification is the frozen one, byte for byte. */
export function isUnchanged(frozen: FrozenSpec, spec: ReplaySpec): boolean {
  return freezeSpec(spec).specHash === frozen.specHash && sha256Hex(frozen.canonical) === frozen.specHash
}

/** The commit to check out: the pinned one, else the reference (spec §6.1). A moving branch is the task owner's risk (gap G3). */
export function checkoutTarget(spec: Pick<ReplaySpec, 'base_commit_sha' | 'base_ref'>): string {
  return spec.base_commit_sha ?? spec.base_ref
}
