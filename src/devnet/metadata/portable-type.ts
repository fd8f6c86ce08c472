import type { ScaleWriter } from './scale-writer'

export interface Field {
  readonly name?: string
  /** As the source names the type; some clients cannot show a call without it. */
  readonly typeName?: string
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

/** Order of `scale_info`'s primitive enum. */
const PRIMITIVES = [
  ...['Bool', 'Char', 'Str', 'U8', 'U16', 'U32', 'U64', 'U128', 'U256'],
  ...['I8', 'I16', 'I32', 'I64', 'I128', 'I256'],
]

export function writePortable(writer: ScaleWriter, type: PortableType): void {
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
      .option(field.typeName, (name) => writer.text(name))
      .compact(0)
  })
}
