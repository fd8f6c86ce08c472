import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import type { Row } from '../fold/projection'
import { account, time } from '../fold/row-values'
import { FACTS } from '../fold/table-rule'
import { columnsOf } from '../store/columns'
import { copyRows } from '../store/copy-rows'
import { insertRows } from '../store/flush'
import { binaryValues } from './binary-values'
import { CopyWriter } from './copy-writer'
import { TableCopy } from './table-copy'

const COLUMNS = {
  small: 'smallint',
  whole: 'integer',
  big: 'bigint',
  flag: 'boolean',
  float: 'double precision',
  line: 'text',
  name: 'character varying',
  bytes: 'bytea',
  plain_json: 'json',
  json: 'jsonb',
  at: 'timestamp with time zone',
  number: 'numeric',
}
/** What only text has a form for here. */
const ARRAYS = { uids: 'integer[]', hashes: 'bytea[]', names: 'text[]' }

const nothing = Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, null]))
const awkward = `tab\t newline\n return\r back\\slash "quoted" {braces},comma \\N \\. ünï ${'x'.repeat(200)} 🦊`

const rows: Row[] = [
  nothing,
  {
    ...nothing,
    small: -32_768,
    whole: -2_147_483_648,
    big: '-9223372036854775808',
    flag: false,
    float: -0.1,
  },
  { ...nothing, small: 32_767, whole: 2_147_483_647, big: 9_007_199_254_740_991, flag: true, float: 1e300 },
  {
    ...nothing,
    big: '18446744073709',
    float: 3,
    line: '',
    name: '',
    bytes: '\\x',
  },
  { ...nothing, line: awkward, name: awkward, json: awkward, plain_json: { [awkward]: [awkward] } },
  { ...nothing, json: { a: [1, 2.5, null, true, { b: 'c' }], empty: {}, none: [] }, plain_json: [] },
  { ...nothing, line: 12 as never, bytes: account(`0x${'0f'.repeat(32)}`), at: time(1_700_000_000_123) },
  { ...nothing, at: time(0) },
  { ...nothing, at: time(951_782_399_999) },
  ...[
    '0',
    '1',
    '-1',
    '9999',
    '10000',
    '10001',
    '0.1',
    '-0.0001',
    '0.00001',
    '123456789.987654321',
    '100000000',
    '1000009999',
    '123456789012345',
    '1234567890123456',
    '000120000',
  ].map((number) => ({ ...nothing, number })),
  ...['1e-7', '1.50', '12e3', '18446744073709551615', '340282366920938463463374607431768211455'].map(
    (number) => ({ ...nothing, number }),
  ),
  ...[0.1, 1e-7, 1e21, 0.3333333333333333, 5].map((number) => ({ ...nothing, number })),
]

const arrays: Row[] = [
  { uids: null, hashes: null, names: null },
  { uids: [], hashes: [], names: [] },
  { uids: [0, -1, 65_535], hashes: ['\\x00ff', null, '\\x'], names: ['a,b', '"', '\\', '', 'NULL'] },
  { uids: [null], hashes: [null], names: [awkward, null] },
]

describe('rows in the binary format of COPY', () => {
  let database: TestDatabase
  let client: Client

  beforeAll(async () => {
    database = await createTestDatabase('empty')
    client = new Client({ connectionString: database.url })
    await client.connect()
    for (const [form, columns] of Object.entries({ binary: COLUMNS, text: ARRAYS })) {
      const own = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
      for (const table of ['insert', 'text', 'writer']) {
        await client.query(`create table ${form}_${table} (n int generated always as identity, ${own})`)
      }
    }
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  it('knows every type that the test has', () => {
    expect(Object.keys(binaryValues).sort()).toEqual(Object.values(COLUMNS).sort())
  })

  it.each([
    ['binary', rows],
    ['text', arrays],
  ] as const)(
    'are the rows that INSERT from JSON and COPY from text give, where columns allow %s',
    async (form, given) => {
      await insertRows(client, `public.${form}_insert`, FACTS, given)
      await copyRows(client, `public.${form}_text`, given)
      await client.query('begin')
      await client.query(`truncate ${form}_writer restart identity`)
      const writer = new CopyWriter(client, 'public')
      const columns = await columnsOf(client, `public.${form}_writer`)
      const own = columns.filter(({ name }) => name !== 'n')
      expect(new TableCopy('test', own).format).toBe(form)
      const write = writer.open(`${form}_writer`, own)
      for (const row of given) write(row)
      await writer.drain()
      await client.query('commit')
      const read = async (table: string) =>
        (await client.query(`select t::text as row from ${form}_${table} t order by n`)).rows.map(
          ({ row }) => row,
        )
      const expected = await read('insert')
      expect(expected.length).toBe(given.length)
      expect(await read('text')).toEqual(expected)
      expect(await read('writer')).toEqual(expected)
    },
  )

  it.each([
    [{ whole: 1.5 }, 'whole'],
    [{ whole: 'x' }, 'whole'],
    [{ bytes: 'abcd' }, 'bytes'],
    [{ bytes: '\\xzz' }, 'bytes'],
    [{ at: '2026-11-21T00:00:00.000Z' }, 'at'],
    [{ at: new Date(Number.NaN) }, 'at'],
    [{ number: 'NaN?' }, 'number'],
    [{ unheard_of: 3 }, 'unheard_of'],
  ])('refuses %j, and names the column', async (wrong, column) => {
    const columns = await columnsOf(client, 'public.binary_writer')
    const write = new CopyWriter(client, 'public').open(
      'binary_writer',
      columns.filter(({ name }) => name !== 'n'),
    )
    expect(() => write({ ...nothing, ...wrong } as Row)).toThrow(column)
  })
})
