export interface Neighbour {
  readonly agentId: string
  /** 1 − cosine */
  readonly distance: number
}

interface Stored {
  readonly agentId: string
  readonly vector: Float32Array
}

/** Components summed between two looks at whether a vector is out of reach already. */
const CHUNK_COMPONENTS = 16
/** Room for the rounding of float32 components, as a squared length. */
const ROUNDING_SLACK = 1e-6

/**
 * Vectors of length 1 by the model that made them. The search is exact: of unit vectors 1 − cosine is half the squared distance,
 * and a sum of squares only grows, so a vector is given up as soon as its first components lie too far away.
 */
export class EmbeddingIndex {
  private readonly byModel = new Map<string, Stored[]>()

  add(model: string, agentId: string, vector: Float32Array): void {
    const stored = this.byModel.get(model)
    if (stored) stored.push({ agentId, vector })
    else this.byModel.set(model, [{ agentId, vector }])
  }

  /** Those within `maxDistance` (1 − cosine), nearest first, at most `limit`. */
  near(model: string, vector: Float32Array, maxDistance: number, limit: number): Neighbour[] {
    const found: Neighbour[] = []
    const reach = 2 * maxDistance + ROUNDING_SLACK
    for (const stored of this.byModel.get(model) ?? []) {
      if (stored.vector.length !== vector.length || isBeyond(vector, stored.vector, reach)) continue
      const distance = 1 - cosine(vector, stored.vector)
      if (distance <= maxDistance) found.push({ agentId: stored.agentId, distance })
    }
    return found.sort((a, b) => a.distance - b.distance).slice(0, limit)
  }
}

function isBeyond(a: Float32Array, b: Float32Array, reach: number): boolean {
  let sum = 0
  for (let from = 0; from < a.length; from += CHUNK_COMPONENTS) {
    const to = Math.min(a.length, from + CHUNK_COMPONENTS)
    for (let i = from; i < to; i++) {
      const apart = a[i]! - b[i]!
      sum += apart * apart
    }
    if (sum > reach) return true
  }
  return false
}

/** In double precision; never above 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0
  let aSquared = 0
  let bSquared = 0
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!
    aSquared += a[i]! * a[i]!
    bSquared += b[i]! * b[i]!
  }
  const length = Math.sqrt(aSquared * bSquared)
  return length === 0 ? 0 : Math.min(1, product / length)
}
