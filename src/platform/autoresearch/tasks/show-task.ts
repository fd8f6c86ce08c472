import type { Task } from '../state'

export const rfc3339 = (ms: number): string => new Date(ms).toISOString()

/** A task as clients read it; of the private environment the names only. */
export const showTask = ({ taskId, record, env, specHash, state, createdAtMs, updatedAtMs }: Task) => ({
  id: taskId,
  ...record,
  validator_benchmark_env_names: env.names,
  task_state: state,
  spec_hash: specHash,
  created_at: rfc3339(createdAtMs),
  updated_at: rfc3339(updatedAtMs),
})
