import type { Changes, StateHistory } from './history'

/**
 * The state that a block under construction sees: the chain's latest values below, a stack of layers above. The
 * bottom layer is the block's own changes; a failing call's layer is dropped, a successful one's falls into the next.
 */
export class StateLayers {
  private layers: Map<string, string | null>[] = [new Map()]

  constructor(private readonly base: StateHistory) {}

  get(key: string): string | null {
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const value = this.layers[i]!.get(key)
      if (value !== undefined) return value
    }
    return this.base.latest(key)
  }

  set(key: string, value: string | null): void {
    this.layers.at(-1)!.set(key, value)
  }

  begin(): void {
    this.layers.push(new Map())
  }

  commit(): void {
    const top = this.pop()
    const below = this.layers.at(-1)!
    for (const [key, value] of top) below.set(key, value)
  }

  rollback(): void {
    this.pop()
  }

  /** Present keys that begin with `prefix`, ascending. */
  keys(prefix: string): string[] {
    const touched = new Set<string>()
    for (const layer of this.layers) {
      for (const key of layer.keys()) if (key.startsWith(prefix)) touched.add(key)
    }
    const keys: string[] = []
    for (const key of this.base.latestKeys(prefix)) {
      if (!touched.delete(key) || this.get(key) !== null) keys.push(key)
    }
    // What is left is new, and only then the order has to be made.
    const added = [...touched].filter((key) => this.get(key) !== null)
    return added.length === 0 ? keys : [...keys, ...added].sort()
  }

  /** The block's changes without those that left a value as it was; the layers start anew. */
  seal(): Changes {
    if (this.layers.length !== 1) throw new Error('a storage transaction is still open')
    const changes = new Map<string, string | null>()
    for (const [key, value] of this.layers[0]!) {
      if (this.base.latest(key) !== value) changes.set(key, value)
    }
    this.layers = [new Map()]
    return changes
  }

  private pop(): Map<string, string | null> {
    if (this.layers.length === 1) throw new Error('no storage transaction is open')
    return this.layers.pop()!
  }
}
