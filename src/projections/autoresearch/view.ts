import { codec } from '@subsquid/ss58'
import type { RowSource } from '../core/row-source'

const SS58_PREFIX = 42
const ss58 = codec(SS58_PREFIX)

/** The mechanism's view (`src/mechanisms/autoresearch/decide.ts`), out of rows alone. */
export interface ReadView {
  readonly snapshot: {
    readonly mode: 'local' | 'burn_uid0' | 'targets'
    readonly targets: readonly { readonly uid?: number; readonly hotkey?: string; readonly weight: number }[]
    readonly transitionStatus?: string
  }
  readonly metagraph: {
    readonly height: number
    readonly size: number
    readonly hotkeys: Readonly<Record<number, string>>
  }
  /** Accepted results of each task in the order of acceptance: what explanations are made of. */
  readonly tasks: readonly TaskResults[]
}

export interface TaskResults {
  readonly taskId: string
  readonly slug: string
  readonly direction: 'minimize' | 'maximize'
  readonly secondaryDirection: 'minimize' | 'maximize' | null
  /** The improvement that the task wants; null: that of the policy. */
  readonly noiseUnit: 'nats' | 'absolute' | null
  readonly noiseBand: number | null
  readonly results: readonly {
    readonly submissionId: string
    readonly hotkey: string
    readonly metric: number
    readonly secondary?: number
    readonly artifact_bytes?: number
    readonly runtime_ms?: number
    readonly memory_bytes?: number
  }[]
}

/** Reward policy and who holds which uid at the block; before the first policy weights are nobody's business: `local`. */
export async function readView(source: RowSource): Promise<ReadView> {
  const [policies, tenures, tasks] = await Promise.all([
    source.rows('autoresearch_reward_policy'),
    source.rows('tenure'),
    readTasks(source),
  ])
  const policy = policies.at(-1)
  const holders = tenures
    .map((row) => [row.uid as number, ss58.encode(`0x${String(row.hotkey).slice(2)}`)] as const)
    .sort(([a], [b]) => a - b)
  return {
    snapshot: {
      mode: (policy?.mode ?? 'local') as ReadView['snapshot']['mode'],
      targets: (policy?.targets ?? []) as ReadView['snapshot']['targets'],
      ...(policy && { transitionStatus: policy.transition_status as string }),
    },
    metagraph: {
      height: source.point.height,
      size: (holders.at(-1)?.[0] ?? -1) + 1,
      hotkeys: Object.fromEntries(holders),
    },
    tasks,
  }
}

async function readTasks(source: RowSource): Promise<TaskResults[]> {
  const [tasks, verdicts] = await Promise.all([
    source.rows('autoresearch_task'),
    source.rows('autoresearch_verdict', { status: 'accepted' }),
  ])
  return tasks.map((row) => {
    const record = row.record as {
      readonly secondary_metric_direction: TaskResults['secondaryDirection']
      readonly noise_unit?: TaskResults['noiseUnit']
      readonly noise_band?: number | null
    }
    return {
      taskId: row.task_id as string,
      slug: row.slug as string,
      direction: row.metric_direction as TaskResults['direction'],
      secondaryDirection: record.secondary_metric_direction,
      noiseUnit: record.noise_unit ?? null,
      noiseBand: record.noise_band ?? null,
      results: verdicts
        .filter((verdict) => verdict.task_id === row.task_id)
        .map((verdict) => ({
          submissionId: verdict.submission_id as string,
          hotkey: ss58.encode(`0x${String(verdict.hotkey).slice(2)}`),
          metric: Number(verdict.metric),
          ...numbers({
            secondary: verdict.secondary,
            artifact_bytes: verdict.artifact_bytes,
            runtime_ms: verdict.runtime_ms,
            memory_bytes: verdict.memory_bytes,
          }),
        })),
    }
  })
}

const numbers = (values: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, Number(value)]),
  )
