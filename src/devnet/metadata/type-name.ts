import type { ScaleShape } from '../../../abi/shape'

/** A type as Rust source would write it: what metadata shows beside a field. */
export function typeNameOf(shape: ScaleShape): string {
  switch (shape.kind) {
    case 'primitive':
      return shape.primitive.toLowerCase()
    case 'compact':
      return `Compact<${typeNameOf(shape.of)}>`
    case 'bytes':
      return 'Vec<u8>'
    case 'fixedBytes':
      return shape.path?.at(-1) ?? `[u8; ${shape.length}]`
    case 'sequence':
      return `Vec<${typeNameOf(shape.of)}>`
    case 'array':
      return `[${typeNameOf(shape.of)}; ${shape.length}]`
    case 'tuple':
      return `(${shape.of.map(typeNameOf).join(', ')})`
    case 'option':
      return `Option<${typeNameOf(shape.of)}>`
    case 'struct':
    case 'variant':
      return shape.path?.at(-1) ?? 'Unnamed'
    case 'runtime':
      return shape.name === 'RuntimeCall' ? 'Box<RuntimeCall>' : shape.name
  }
}
