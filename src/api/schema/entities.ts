import { tableRules } from '../../projections/all'
import type { Entity, EntityField, FieldType } from '../../projections/core/entity'
import type { PageArgs } from '../graphql/connection'
import type { ApiContext } from '../graphql/context'
import { SqlFilter } from '../graphql/sql-filter'
import { type AtInput, viewAt } from '../head/view'
import { type At, endedBy, holdsAt, type Segment } from '../read/rows'
import { CHAIN_ORDER, selectPage } from '../read/select-page'

/** GraphQL's name of each type, and the same as an argument. */
const GRAPHQL_TYPE: Readonly<Record<FieldType, string>> = {
  Int: 'Int',
  Float: 'Float',
  String: 'String',
  Boolean: 'Boolean',
  Account: 'Account',
  Bytes: 'Hex',
  BigInt: 'BigInt',
  DateTime: 'DateTime',
  JSON: 'JSON',
}

const quoted = (text: string | undefined) => (text ? `"${text.replaceAll('"', "'")}" ` : '')

/** Types and list queries of subnet systems, made from what they declare: each with `at`, filters and pages. */
export function entityTypes(entities: readonly Entity[]): string[] {
  return entities.map((entity) => {
    const { type, query, describe, fields } = entity
    const own = Object.entries(fields).map(
      ([name, field]) =>
        `${quoted(field.describe)}${name}: ${GRAPHQL_TYPE[field.type]}${field.nullable ? '' : '!'}`,
    )
    const filters = filtersOf(entity).map(([name, field]) => `${name}: ${GRAPHQL_TYPE[field.type]}`)
    return /* GraphQL */ `
      ${quoted(describe)}
      type ${type} {
        netuid: Int!
        subnetInstance: Int!
        ${own.join('\n        ')}
        "First block at which the row holds."
        fromHeight: Int!
        "Block at which it ended; null while it holds."
        toHeight: Int
        "Number of the event that it comes from, in the log of its kind."
        seq: BigInt!
        provenance: Provenance!
      }
      type ${type}Edge { cursor: String! node: ${type}! }
      type ${type}Connection {
        nodes: [${type}!]!
        edges: [${type}Edge!]!
        pageInfo: PageInfo!
        totalCount: Int!
        provenance: Provenance!
      }
      extend type Query {
        ${quoted(`${describe} current: only rows that hold at the block.`)}
        ${query}(
          netuid: Int!
          ${filters.join('\n          ')}
          current: Boolean
          at: At
          first: Int
          after: String
          last: Int
          before: String
        ): ${type}Connection!
      }`
  })
}

const filtersOf = ({ fields }: Entity): [string, EntityField][] =>
  Object.entries(fields).filter(([, field]) => field.filter)

interface EntityArgs extends PageArgs {
  readonly netuid: number
  readonly current?: boolean | null
  readonly at?: AtInput | null
  readonly [filter: string]: unknown
}

type EntityRow = At<Segment & { readonly subnet_instance: number }>

export function entityResolvers(entities: readonly Entity[]): Record<string, Record<string, unknown>> {
  const queries = entities.map((entity) => [entity.query, listOf(entity)])
  const types = entities.map((entity) => [entity.type, fieldsOf(entity)])
  return { ...Object.fromEntries(types), Query: Object.fromEntries(queries) }
}

function listOf(entity: Entity) {
  const filters = filtersOf(entity)
  const isNumbered = tableRules[entity.table]?.hasOrdinal === true
  const key = isNumbered ? [...CHAIN_ORDER, 'ordinal'] : CHAIN_ORDER
  return (_: unknown, args: EntityArgs, { api }: ApiContext) => {
    const view = viewAt(api, args.at)
    const filter = new SqlFilter().and('netuid = $?', args.netuid).and('valid_from <= $?', view.height)
    for (const [name, field] of filters) filter.and(equals(field), args[name])
    filter.when(args.current, holdsAt(String(Number(view.height))))
    return selectPage<Segment>(view, args.netuid, { table: entity.table, key }, filter, args)
  }
}

const equals = ({ column, type }: EntityField): string =>
  type === 'Account' || type === 'Bytes' ? `${column} = decode(substr($?, 3), 'hex')` : `${column} = $?`

function fieldsOf({ fields }: Entity): Record<string, unknown> {
  const own = Object.entries(fields).map(([name, { column, endsWith }]) => [
    name,
    (row: EntityRow) =>
      // What a later event wrote has not happened yet at the view.
      endsWith && !endedBy(row, row.view) ? null : (row as unknown as Record<string, unknown>)[column],
  ])
  return {
    ...Object.fromEntries(own),
    subnetInstance: (row: EntityRow) => row.subnet_instance,
    fromHeight: (row: EntityRow) => row.valid_from,
    toHeight: (row: EntityRow) => (endedBy(row, row.view) ? row.valid_to : null),
    seq: (row: EntityRow) => row.from_seq,
  }
}

export const entityConnections = (entities: readonly Entity[]) =>
  entities.map(({ type }) => `${type}Connection`)
