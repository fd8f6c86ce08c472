import { LedgerError } from '../errors/ledger-error'
import { decidePipeline } from './bitrecs/decide-vector'
import { BITRECS_PROFILES, type BitrecsPolicy, type BitrecsProfile } from './bitrecs/policy'
import { MAX_TASKS } from './bitrecs/subsets'
import { VECTOR_GROUPS } from './bitrecs/vector-groups'
import { faultOf, groupOf, VECTOR_INPUTS, type VectorGroup } from './bitrecs/vector-input'

/**
 * The command `subledger decide bitrecs`: one vector, one case or a whole vectors file in, the results out in the shape of
 * `expected`. With a profile the result of that profile; without one a map of both reference profiles, where they matter.
 * @throws LedgerError SL-DECIDE-PROFILE, SL-DECIDE-INPUT
 */
export function decideBitrecs(input: unknown, profile?: string): unknown {
  if (profile !== undefined && !(profile in BITRECS_PROFILES)) {
    throw new LedgerError('SL-DECIDE-PROFILE', 'user', `There is no Bitrecs profile "${profile}".`, {
      remedy: `Use one of: ${Object.keys(BITRECS_PROFILES).join(', ')}.`,
      facts: { profile },
    })
  }
  const chosen = profile as BitrecsProfile | undefined
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw invalid('a JSON object is expected')
  const groups = (Object.keys(VECTOR_INPUTS) as VectorGroup[]).filter((group) =>
    Array.isArray((input as Record<string, unknown>)[group]),
  )
  if (groups.length === 0) return decideOne(input, chosen)
  // A vectors file: every group, every vector, in its order.
  return Object.fromEntries(
    groups.map((group) => [
      group,
      ((input as Record<string, unknown>)[group] as unknown[]).map((vector, index) => ({
        id: (vector as { id?: unknown } | null)?.id ?? index,
        expected: decideOne(vector, chosen, group),
      })),
    ]),
  )
}

/** Groups whose result depends on the ε profile; their `expected` is a map by profile. */
const BY_PROFILE: readonly VectorGroup[] = ['pipeline', 'epsilon']

function decideOne(vector: unknown, profile: BitrecsProfile | undefined, known?: VectorGroup): unknown {
  if (typeof vector !== 'object' || vector === null) throw invalid('a vector must be a JSON object')
  const group = known ?? groupOf(vector)
  if (!group)
    throw invalid('no field tells which rule this vector is for (rows, subset, portion, n_samples, …)')
  const fault = faultOf(group, vector) ?? crossFault(group, vector as Record<string, unknown>)
  if (fault) throw invalid(`${group} vector, ${fault}`, vector)
  const under = (policy: BitrecsPolicy) =>
    group === 'pipeline'
      ? decidePipeline(vector as never, policy)
      : VECTOR_GROUPS[group](vector as never, policy)
  if (profile || !BY_PROFILE.includes(group)) return under(BITRECS_PROFILES[profile ?? 'eps_narrow'])
  const both = { eps_wide: under(BITRECS_PROFILES.eps_wide), eps_narrow: under(BITRECS_PROFILES.eps_narrow) }
  // Where no score decides (no data, burn only) the vectors state one outcome for both profiles.
  const { eps_narrow } = both
  return typeof eps_narrow === 'object' && eps_narrow !== null && !('uid_order' in eps_narrow)
    ? eps_narrow
    : both
}

function crossFault(group: VectorGroup, vector: Record<string, unknown>): string | undefined {
  if (group === 'dominance') {
    const lengths = new Set(['a', 'b', 'eps'].map((field) => (vector[field] as unknown[]).length))
    return lengths.size > 1 ? '/a, /b and /eps must be of one length' : undefined
  }
  if (group !== 'pipeline') return undefined
  const tasks = new Set((vector.rows as { task_name: string }[]).map((row) => row.task_name))
  return tasks.size > MAX_TASKS ? `/rows: ${tasks.size} tasks, at most ${MAX_TASKS}` : undefined
}

function invalid(what: string, vector?: object): LedgerError {
  const id = (vector as { id?: unknown } | undefined)?.id
  return new LedgerError('SL-DECIDE-INPUT', 'user', `The input cannot be decided: ${what}.`, {
    remedy: 'Give one vector, or the whole vectors file, with the fields of that vector group.',
    facts: typeof id === 'string' ? { id } : {},
  })
}
