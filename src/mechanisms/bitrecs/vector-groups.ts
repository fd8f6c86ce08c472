import { emitU16 } from '../emit-u16'
import { subsetWinner } from './award'
import { contestOf } from './contest'
import { decay } from './decay'
import { dominates } from './dominance'
import { splitEmission } from './emission'
import { spreadEpsilon } from './epsilon'
import { BITRECS_PROFILES, type BitrecsPolicy } from './policy'
import { softmax } from './softmax'
import { subsetTotal } from './subsets'
import { threshold } from './threshold'

type Value = number | 'NaN'

/** The single rules, each in the shape of the vector group of that name. Inputs are validated by the caller. */
export const VECTOR_GROUPS = {
  epsilon(vector: { scores: Value[]; n_samples: number }, policy: BitrecsPolicy) {
    return json(spreadEpsilon(Float32Array.from(vector.scores, number), vector.n_samples, policy.epsilon))
  },

  dominance(vector: { a: Value[]; b: Value[]; eps: Value[] }) {
    const a = Float32Array.from(vector.a, number)
    const b = Float32Array.from(vector.b, number)
    const epsilons = Float64Array.from(vector.eps, number)
    return { a_dominates_b: dominates(a, b, epsilons), b_dominates_a: dominates(b, a, epsilons) }
  },

  threshold(vector: { prior_score: number; sample_count: number }) {
    const { z, minGap } = BITRECS_PROFILES.eps_narrow.threshold
    const at = (maxGap: number) => threshold(vector.prior_score, vector.sample_count, { z, minGap, maxGap })
    return { 'defaults_gap_0.10': at(0.1), 'constants_gap_0.08': at(0.08) }
  },

  decay(vector: { first_block: number; current_block: number }, policy: BitrecsPolicy) {
    return decay(vector.first_block, vector.current_block, policy.decay)
  },

  final_weights(
    vector: { portion: number; first_block: number; current_block: number; winner_uid: number },
    policy: BitrecsPolicy,
  ) {
    const own = { ...policy, emissionPortion: vector.portion }
    const split = splitEmission(vector.winner_uid, vector.first_block, vector.current_block, own)
    return {
      decay: split.decay,
      uids: split.uids,
      weights: split.weights,
      emit_u16: emitU16(split.uids, split.weights),
    }
  },

  subset_totals(vector: { n_envs: number }) {
    return {
      n_subsets: subsetTotal(vector.n_envs, 'equal'),
      linear_total: subsetTotal(vector.n_envs, 'linear'),
      exponential_total: subsetTotal(vector.n_envs, 'exponential'),
      equal_total: subsetTotal(vector.n_envs, 'equal'),
    }
  },

  softmax(vector: { scores: Record<string, number>; args?: { temperature?: number; min_weight?: number } }) {
    const { temperature = 1, min_weight = 0 } = vector.args ?? {}
    if (temperature <= 0) return { error: 'ValueError: temperature must be > 0' }
    const weights = softmax(Object.values(vector.scores), temperature, min_weight)
    return {
      weights: Object.fromEntries(Object.keys(vector.scores).map((uid, index) => [uid, weights[index]!])),
    }
  },

  subset_winner(vector: SubsetWinnerVector, policy: BitrecsPolicy) {
    return {
      gm: winnerOf(vector, policy, 'geometric_mean'),
      priority_legacy: winnerOf(vector, policy, 'priority'),
    }
  },
}

interface SubsetWinnerVector {
  scores: Record<string, Record<string, Value>>
  first_blocks: Record<string, number>
  subset: string[]
  samples: number
}

function winnerOf(
  vector: SubsetWinnerVector,
  policy: BitrecsPolicy,
  rule: BitrecsPolicy['winnerRule'],
): number | null {
  const miners = Object.entries(vector.scores).map(([uid, scores]) => ({
    key: uid,
    uid: Number(uid),
    hotkey: uid,
    scores: new Map(Object.entries(scores).map(([task, score]) => [task, number(score)])),
    samples: new Map(),
    ...(vector.first_blocks[uid] === undefined ? {} : { firstBlock: vector.first_blocks[uid] }),
  }))
  const samples = new Map(vector.subset.map((task) => [task, vector.samples]))
  const contest = contestOf(miners, vector.subset, samples, policy)
  const tasks = vector.subset.map((_, index) => index)
  return miners[subsetWinner(contest, rule, tasks)]?.uid ?? null
}

function number(value: Value): number {
  return value === 'NaN' ? Number.NaN : value
}

function json(value: number): Value {
  return Number.isNaN(value) ? 'NaN' : value
}
