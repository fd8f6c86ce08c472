import { accountId, h256, type ScaleShape, type ScaleVariant } from '../../../abi/shape'
import type { ScaleWriter } from './scale-writer'

export interface Field {
  readonly name?: string
  readonly type: number
}

export type TypeDef =
  | { readonly kind: 'composite'; readonly fields: readonly Field[] }
  | {
      readonly kind: 'variant'
      readonly variants: readonly { name: string; index: number; fields: readonly Field[] }[]
    }
  | { readonly kind: 'sequence'; readonly type: number }
  | { readonly kind: 'array'; readonly type: number; readonly length: number }
  | { readonly kind: 'tuple'; readonly types: readonly number[] }
  | { readonly kind: 'primitive'; readonly primitive: string }
  | { readonly kind: 'compact'; readonly type: number }

export interface PortableType {
  readonly path: readonly string[]
  readonly params: readonly { readonly name: string; readonly type?: number }[]
  readonly def: TypeDef
}

/** Types that the runtime as a whole defines. */
export type RuntimeName = Extract<ScaleShape, { kind: 'runtime' }>['name']

/** Order of `scale_info`'s primitive enum. */
const PRIMITIVES = [
  ...['Bool', 'Char', 'Str', 'U8', 'U16', 'U32', 'U64', 'U128', 'U256'],
  ...['I8', 'I16', 'I32', 'I64', 'I128', 'I256'],
]

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
    return name === undefined ? { type } : { name: snakeCase(name), type }
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

function writePortable(writer: ScaleWriter, type: PortableType): void {
  writer.list(type.path, (part) => writer.text(part))
  writer.list(type.params, (param) => {
    writer.text(param.name).option(param.type, (id) => writer.compact(id))
  })
  writeDef(writer, type.def)
  writer.compact(0)
}

/** Variants of `TypeDef` in the order of `scale_info`: composite 0, variant 1, …, compact 6. */
function writeDef(writer: ScaleWriter, def: TypeDef): void {
  switch (def.kind) {
    case 'composite':
      writer.u8(0)
      writeFields(writer, def.fields)
      return
    case 'variant':
      writer.u8(1).list(def.variants, (it) => {
        writer.text(it.name)
        writeFields(writer, it.fields)
        writer.u8(it.index).compact(0)
      })
      return
    case 'sequence':
      writer.u8(2).compact(def.type)
      return
    case 'array':
      writer.u8(3).u32(def.length).compact(def.type)
      return
    case 'tuple':
      writer.u8(4).list(def.types, (id) => writer.compact(id))
      return
    case 'primitive':
      writer.u8(5).u8(PRIMITIVES.indexOf(def.primitive))
      return
    case 'compact':
      writer.u8(6).compact(def.type)
  }
}

function writeFields(writer: ScaleWriter, fields: readonly Field[]): void {
  writer.list(fields, (field) => {
    writer
      .option(field.name, (name) => writer.text(name))
      .compact(field.type)
      .option(undefined, () => {})
      .compact(0)
  })
}
