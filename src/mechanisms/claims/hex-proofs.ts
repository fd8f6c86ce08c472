import { HASH_BYTES } from './keccak'
import type { MerkleTree } from './tree'

const HEX_DIGITS_PER_NODE = HASH_BYTES * 2

/**
 * Proofs as hex strings. Each layer is turned into text once and each node's string is shared by all proofs that contain it,
 * because a million proofs hold twenty million siblings but only two million different ones.
 */
export function hexProofs(tree: MerkleTree): (index: number) => string[] {
  const text = tree.layers.map((layer) =>
    Buffer.from(layer.buffer, layer.byteOffset, layer.byteLength).toString('hex'),
  )
  const nodes = tree.layers.map((layer) => new Array<string | undefined>(layer.length / HASH_BYTES))
  const nodeText = (layer: number, at: number): string => {
    const known = nodes[layer]![at]
    if (known !== undefined) return known
    const made = `0x${text[layer]!.slice(at * HEX_DIGITS_PER_NODE, (at + 1) * HEX_DIGITS_PER_NODE)}`
    nodes[layer]![at] = made
    return made
  }
  return (index) => tree.path(index).map(([layer, at]) => nodeText(layer, at))
}
