import { accountId, h256, type ScaleShape, type ScaleVariant } from '../../../abi/shape'
import { type Field, type PortableType, type TypeDef, writePortable } from './portable-type'
import type { ScaleWriter } from './scale-writer'
import { typeNameOf } from './type-name'

/** Types that the runtime as a whole defines. */
export type RuntimeName = Extract<ScaleShape, { kind: 'runtime' }>['name']

/**
 * Fields that the runtime states as `BoundedVec`, a newtype around the sequence, by owner and name. On the wire it is
 * the same, but clients that build a call by hand nest the value as the type does.
 */
const BOUNDED_FIELDS = new Set([
  'CommitmentInfo.fields',
  'TimelockEncrypted.encrypted',
  'BigRaw.0',
  'commit_crv3_mechanism_weights.commit',
  'commit_timelocked_weights.commit',
  'commit_timelocked_mechanism_weights.commit',
])
const BOUNDED_VEC = ['bounded_collections', 'bounded_vec', 'BoundedVec']

/** The types of a V14 `lookup`: equal types get one id; a type may be reserved before its content is known. */
export class TypeRegistry {
  private readonly types: (PortableType | undefined)[] = []
  private readonly idByContent = new Map<string, number>()
  private readonly runtimeTypes = new Map<RuntimeName, number>()

  /** Takes an id now, for a type that refers to itself (a call holds calls); `define` gives the content. */
  reserve(name: RuntimeName): number {
    const id = this.types.push(undefined) - 1
    this.runtimeTypes.set(name, id)
    return id
  }

  define(id: number, type: PortableType): void {
    this.types[id] = type
  }

  add(
    def: TypeDef,
    path: readonly string[] = [],
    params: { readonly name: string; readonly type?: number }[] = [],
  ): number {
    const type = { path, params, def }
    const content = JSON.stringify(type)
    const known = this.idByContent.get(content)
    if (known !== undefined) return known
    const id = this.types.push(type) - 1
    this.idByContent.set(content, id)
    return id
  }

  /** Id of a shape of `abi/`. */
  of(shape: ScaleShape): number {
    switch (shape.kind) {
      case 'primitive':
        return this.add({ kind: 'primitive', primitive: shape.primitive })
      case 'compact':
        return this.add({ kind: 'compact', type: this.of(shape.of) })
      case 'bytes':
        return this.add({ kind: 'sequence', type: this.byte() })
      case 'fixedBytes':
        return this.fixedBytes(shape.length, shape.path)
      case 'sequence':
        return this.add({ kind: 'sequence', type: this.of(shape.of) })
      case 'array':
        return this.add({ kind: 'array', type: this.of(shape.of), length: shape.length })
      case 'tuple':
        return this.add({ kind: 'tuple', types: shape.of.map((it) => this.of(it)) })
      case 'option':
        return this.option(this.of(shape.of))
      case 'struct':
        return this.add(
          { kind: 'composite', fields: this.namedFields(shape.path, shape.fields) },
          shape.path,
          this.structParams(shape.path, shape.fields),
        )
      case 'variant':
        return this.variants(shape.variants, shape.path)
      case 'runtime':
        return this.runtime(shape.name)
    }
  }

  defineVariants(id: number, path: readonly string[], variants: readonly ScaleVariant[]): void {
    this.define(id, { path, params: [], def: this.variantDef(variants) })
  }

  defineStruct(
    id: number,
    path: readonly string[],
    fields: readonly { readonly name: string; readonly shape: ScaleShape }[],
  ): void {
    const content = fields.map((it) => this.field(path.at(-1)!, it.name, it.shape))
    this.define(id, { path, params: [], def: { kind: 'composite', fields: content } })
  }

  variants(
    variants: readonly ScaleVariant[],
    path?: readonly string[],
    params?: { name: string; type?: number }[],
  ): number {
    return this.add(this.variantDef(variants), path, params ?? this.variantParams(path, variants))
  }

  private variantDef(variants: readonly ScaleVariant[]): TypeDef {
    const sorted = [...variants].sort((a, b) => a.index - b.index)
    const content = sorted.map((it) => ({
      name: it.name,
      index: it.index,
      fields: (it.fields ?? []).map((f, i) => this.field(it.name, f.name, f.shape, i)),
    }))
    return { kind: 'variant', variants: content }
  }

  byte(): number {
    return this.add({ kind: 'primitive', primitive: 'U8' })
  }

  write(writer: ScaleWriter): void {
    let id = 0
    writer.list(this.types, (type) => {
      if (!type) throw new Error(`type ${id} was reserved and never defined`)
      writer.compact(id++)
      writePortable(writer, type)
    })
  }

  /** Type parameters without which `@polkadot/api` cannot tell the chain's account type, or a `Result`'s sides. */
  private variantParams(path: readonly string[] | undefined, variants: readonly ScaleVariant[]) {
    const unit: ScaleShape = { kind: 'tuple', of: [] }
    if (path?.at(-1) === 'MultiAddress') {
      return [
        { name: 'AccountId', type: this.of(accountId.scale) },
        { name: 'AccountIndex', type: this.of(unit) },
      ]
    }
    if (path?.at(-1) !== 'Result') return []
    const side = (name: string) => variants.find((it) => it.name === name)?.fields?.[0]?.shape ?? unit
    return [
      { name: 'T', type: this.of(side('Ok')) },
      { name: 'E', type: this.of(side('Err')) },
    ]
  }

  /** Likewise for the event type of the chain. */
  private structParams(path: readonly string[] | undefined, fields: Readonly<Record<string, ScaleShape>>) {
    if (path?.at(-1) !== 'EventRecord') return []
    return [
      { name: 'E', type: this.of(fields.event!) },
      { name: 'T', type: this.of(h256.scale) },
    ]
  }

  private runtime(name: RuntimeName): number {
    const id = this.runtimeTypes.get(name)
    if (id === undefined) throw new Error(`the runtime defines no ${name}`)
    return id
  }

  private fixedBytes(length: number, path?: readonly string[]): number {
    const array = this.add({ kind: 'array', type: this.byte(), length })
    return path ? this.add({ kind: 'composite', fields: [{ type: array }] }, path) : array
  }

  private option(of: number): number {
    const variants = [
      { name: 'None', index: 0, fields: [] },
      { name: 'Some', index: 1, fields: [{ type: of }] },
    ]
    return this.add({ kind: 'variant', variants }, ['Option'], [{ name: 'T', type: of }])
  }

  private namedFields(path: readonly string[] | undefined, fields: Readonly<Record<string, ScaleShape>>) {
    return Object.entries(fields).map(([name, shape]) => this.field(path?.at(-1) ?? '', name, shape))
  }

  private field(owner: string, name: string | undefined, shape: ScaleShape, position = 0): Field {
    const plain = this.of(shape)
    const type = BOUNDED_FIELDS.has(`${owner}.${name ?? position}`) ? this.bounded(plain, shape) : plain
    const typeName = typeNameOf(shape)
    return name === undefined ? { type, typeName } : { name: snakeCase(name), type, typeName }
  }

  private bounded(sequence: number, shape: ScaleShape): number {
    const item = shape.kind === 'sequence' ? this.of(shape.of) : this.byte()
    return this.add({ kind: 'composite', fields: [{ type: sequence }] }, BOUNDED_VEC, [
      { name: 'T', type: item },
      { name: 'S' },
    ])
  }
}

/** Subsquid shows field names in camel case, the chain states them in snake case. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
