export interface Neighbour {
  readonly agentId: string
  /** 1 − cosine */
  readonly distance: number
}

/** Components that are compared first: most vectors lie too far away by them already. */
const HEAD_COMPONENTS = 16
const FIRST_CAPACITY_VECTORS = 256
/** Room for the rounding of float32 components, as a squared length. */
const ROUNDING_SLACK = 1e-6

/** Vectors of one model, their first components side by side in memory. */
interface Shelf {
  readonly agentIds: string[]
  readonly vectors: Float32Array[]
  heads: Float32Array
}

/**
 * Vectors of length 1 by the model that made them. The search is exact: of unit vectors 1 − cosine is half the squared distance,
 * and a sum of squares only grows, so a vector is given up as soon as its first components lie too far away.
 */
export class EmbeddingIndex {
  private readonly byModel = new Map<string, Shelf>()

  add(model: string, agentId: string, vector: Float32Array): void {
    const shelf = this.byModel.get(model) ?? emptyShelf()
    this.byModel.set(model, shelf)
    const at = shelf.vectors.length * HEAD_COMPONENTS
    if (at >= shelf.heads.length) {
      const larger = new Float32Array(shelf.heads.length * 2)
      larger.set(shelf.heads)
      shelf.heads = larger
    }
    shelf.heads.set(vector.subarray(0, HEAD_COMPONENTS), at)
    shelf.agentIds.push(agentId)
    shelf.vectors.push(vector)
  }

  /** Those within `maxDistance` (1 − cosine), nearest first, at most `limit`. */
  near(model: string, vector: Float32Array, maxDistance: number, limit: number): Neighbour[] {
    const shelf = this.byModel.get(model)
    if (!shelf) return []
    const found: Neighbour[] = []
    const reach = 2 * maxDistance + ROUNDING_SLACK
    for (let n = 0; n < shelf.vectors.length; n++) {
      if (isBeyond(vector, shelf.heads, n * HEAD_COMPONENTS, reach)) continue
      const other = shelf.vectors[n]!
      if (other.length !== vector.length) continue
      const distance = 1 - cosine(vector, other)
      if (distance <= maxDistance) found.push({ agentId: shelf.agentIds[n]!, distance })
    }
    return found.sort((a, b) => a.distance - b.distance).slice(0, limit)
  }
}

const emptyShelf = (): Shelf => ({
  agentIds: [],
  vectors: [],
  heads: new Float32Array(FIRST_CAPACITY_VECTORS * HEAD_COMPONENTS),
})

function isBeyond(vector: Float32Array, heads: Float32Array, at: number, reach: number): boolean {
  const count = Math.min(HEAD_COMPONENTS, vector.length)
  let sum = 0
  for (let i = 0; i < count; i++) {
    const apart = vector[i]! - heads[at + i]!
    sum += apart * apart
  }
  return sum > reach
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
