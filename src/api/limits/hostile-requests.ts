import { type Random, randomFrom } from '../../log/seeded-random'

/** A request that means harm, or is badly broken; every one has to be answered by an error. */
export interface HostileRequest {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: Buffer | undefined
}

type Maker = (random: Random) => Partial<HostileRequest> | object

/** `count` requests of all kinds in turn, each with sizes of its own. */
export function hostileRequests(count: number, seed: number): HostileRequest[] {
  const random = randomFrom(seed)
  const kinds = Object.entries(makers)
  return Array.from({ length: count }, (_, i) => {
    const [name, make] = kinds[i % kinds.length]!
    const made = make(random) as Partial<HostileRequest>
    const isRequest = made.path !== undefined || made.method !== undefined || made.body !== undefined
    const body = isRequest ? made.body : Buffer.from(JSON.stringify(made))
    return {
      name: `${name} (${i})`,
      method: made.method ?? 'POST',
      path: made.path ?? '/graphql',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...lengthOf(made, body),
        ...made.headers,
      },
      body,
    }
  })
}

/** A body is announced by its length unless the request says otherwise. */
const lengthOf = (made: Partial<HostileRequest>, body: Buffer | undefined): Record<string, string> =>
  body && !made.headers?.['transfer-encoding'] ? { 'content-length': String(body.byteLength) } : {}

const times = (n: number, text: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => text(i)).join(' ')
const nest = (n: number, open: string, inner: string, close: string) =>
  open.repeat(n) + inner + close.repeat(n)
const events = (args: string) => ({ query: `{ events(netuid: 122 ${args}) { nodes { seq } } }` })
const raw = (body: Buffer | string, headers: Record<string, string> = {}) => ({
  body: Buffer.from(body),
  headers,
})

const makers: Record<string, Maker> = {
  'deep unknown fields': (r) => ({ query: nest(20 + r(800), '{ a', '{ b }', '}') }),
  'deep nesting beyond the parser': (r) => ({ query: nest(2000 + r(20_000), '{a', '', '}') }),
  'deep inline fragments': (r) => ({
    query: `{ events(netuid: 1) ${nest(100 + r(300), '{ ... on EventConnection ', '{ totalCount }', '}')} }`,
  }),
  aliases: (r) => ({ query: `{ ${times(31 + r(300), (i) => `a${i}: status { version }`)} }` }),
  'many root fields': (r) => ({ query: `{ ${times(30 + r(300), () => 'status { version }')} }` }),
  'repeated inner fields': (r) => ({ query: `{ status { ${times(20 + r(900), () => 'version')} } }` }),
  'fragment cycle': (r) => {
    const n = 1 + r(50)
    return {
      query: `{ ...f0 } ${times(n, (i) => `fragment f${i} on Query { ...f${(i + 1) % n} status { version } }`)}`,
    }
  },
  'exponential fragments': (r) => {
    const n = 12 + r(60)
    return {
      query: `{ ...f0 } ${times(n, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)}
        fragment f${n} on Query { status { version indexedHeight } }`,
    }
  },
  'too many tokens': (r) => ({
    query: `{ status { version } } ${'#\n'.repeat(r(100))} ${'{ a } '.repeat(700 + r(900))}`,
  }),
  'huge variables': (r) => ({
    query: 'query ($t: [String!]) { events(netuid: 122, types: $t) { totalCount } }',
    variables: { t: Array.from({ length: 5000 + r(1000) }, (_, i) => `t${i}`) },
  }),
  'deep variables': (r) =>
    raw(
      `{"query":"query ($t: [String!]) { events(netuid: 122, types: $t) { totalCount } }","variables":{"t":${nest(3000 + r(10_000), '[', '1', ']')}}}`,
    ),
  'bad cursor': (r) =>
    events(
      `, first: 2, after: ${JSON.stringify(['', '-1', "' or 1=1 --", 'ZXZpbA==', '9'.repeat(40), '1e5', '\u0000', '٣'][r(8)])}`,
    ),
  'wrong type of an argument': (r) =>
    events(`, first: ${['"ten"', '1.5', '{a: 1}', '[[[1]]]', '99999999999', 'true', 'ENUM'][r(7)]}`),
  'wrong type of a variable': (r) => ({
    query: 'query ($n: Int!) { events(netuid: $n) { totalCount } }',
    variables: { n: ['x', 1.5, null, {}, [], 1e300, true, { __proto__: 1 }][r(8)] },
  }),
  'page too large': (r) => events(`, first: ${201 + r(1_000_000)}`),
  'page of nothing': (r) => events(`, last: ${-r(1_000_000)}`),
  'both ends': () => events(', first: 1, last: 1'),
  'body too large': (r) =>
    raw(`{"query":"{ status { version } }","x":"${'x'.repeat(70_000 + r(2_000_000))}"}`),
  'body without length': (r) => raw('x'.repeat(70_000 + r(500_000)), { 'transfer-encoding': 'chunked' }),
  'invalid UTF-8': (r) =>
    raw(
      Buffer.concat([
        Buffer.from('{"query":"{ status { version } } #'),
        Buffer.from([0xff, 0xc0, r(256)]),
        Buffer.from('"}'),
      ]),
    ),
  'invalid JSON': (r) => raw(['', '{', '{"query":', 'null', '7', '"text"', '[', '{"query": NaN}'][r(8)]!),
  'a batch': (r) =>
    raw(JSON.stringify(Array.from({ length: 1 + r(100) }, () => ({ query: '{ status { version } }' })))),
  'query of a wrong type': (r) => raw(JSON.stringify({ query: [1, null, {}, ['{a}'], true][r(5)] })),
  'unknown parameter': () => ({ query: '{ status { version } }', admin: true }),
  'unknown field with a long name': (r) => ({ query: `{ ${'statu'.repeat(100 + r(3000))} }` }),
  directives: (r) => ({ query: `{ status ${'@include(if: true) '.repeat(21 + r(200))} { version } }` }),
  'unterminated text': (r) => ({ query: `{ events(netuid: 1, after: "${'x'.repeat(r(20_000))}` }),
  'block text': (r) => ({
    query: `{ events(netuid: 1, after: """${' \n'.repeat(r(10_000))}""") { totalCount } }`,
  }),
  'deep list literal': (r) => ({
    query: `{ events(netuid: 1, types: ${nest(200 + r(600), '[', '"a"', ']')}) { totalCount } }`,
  }),
  'deep object literal': (r) => ({
    query: `{ events(netuid: 1, at: ${nest(100 + r(200), '{height: ', '1', '}')}) { totalCount } }`,
  }),
  'block that is not indexed': (r) => events(`, at: {height: ${1_000_000 + r(1_000_000)}}`),
  'negative block': (r) => events(`, at: {height: -${1 + r(1000)}}`),
  'no such operation': () => ({ query: 'query A { status { version } }', operationName: 'B' }),
  'which operation': () => ({ query: 'query A { status { version } } query B { status { version } }' }),
  mutation: () => ({ query: 'mutation { drop(table: "log_event") }' }),
  'live query without a stream': () => ({ query: 'subscription { heads { height } }' }),
  'control characters': (r) => ({ query: `{ status { version } ${String.fromCharCode(r(8))} }` }),
  'not an account': (r) =>
    events(
      `, actor: ${JSON.stringify(['5', '0x', `0x${'zz'.repeat(32)}`, '<script>alert(1)</script>', "'; drop table log_event; --", '5'.repeat(48), '\u202e'][r(7)])}`,
    ),
  'many variables': (r) => ({
    query: `query (${times(300 + r(60), (i) => `$v${i}: Int`)}) { status { version } }`,
  }),
  'dear pages': (r) => ({
    query: `{ ${times(
      15 + r(5),
      (
        i,
      ) => `c${i}: commitments(netuid: 122, first: 200) { edges { node { fields { text hex } evidence { seq payload leafHash }
        provenance { logs { root } } } } }`,
    )} }`,
  }),
  'dear pages by variable': (r) => ({
    query: `query ($n: Int!) { tenures(netuid: 122, first: $n) { nodes { commitment { evidence { seq type payload } fields { hex } }
      evidence { seq } provenance { logs { root size netuid log } } } }
      ${times(17 + r(3), (i) => `m${i}: metagraph(netuid: 122) { neurons { evidence { seq type } commitment { evidence { seq type height leafHash } } } }`)} }`,
    variables: { n: 150 + r(50) },
  }),
  'conflicting fields': (r) => {
    const n = 40 + r(20)
    return {
      query: `{ ${times(n, (i) => `...f${i}`)} } ${times(n, (i) => `fragment f${i} on Query { status { a: ${i % 2 ? 'version' : 'lagBlocks'} b: indexedHeight } }`)}`,
    }
  },
  'schema asked too deep': (r) => ({
    query: `{ __schema { types ${nest(20 + r(300), '{ fields { type', '{ name }', '} }')} } }`,
  }),
  'schema asked too often': (r) => ({
    query: `{ ${times(3 + r(25), (i) => `s${i}: __schema { types { name } }`)} }`,
  }),
  'long URL': (r) => ({ method: 'GET', path: `/graphql?query=${'%7B'.repeat(3000 + r(1000))}` }),
  'wrong method': (r) => ({ method: ['PUT', 'DELETE', 'PATCH'][r(3)], body: Buffer.from('{}') }),
  'wrong media type': () => raw('<query/>', { 'content-type': 'text/xml' }),
  'form that pretends': () =>
    raw('query={status{version}}', { 'content-type': 'application/x-www-form-urlencoded' }),
  'no route': (r) => ({ method: 'GET', path: `/${'../'.repeat(1 + r(20))}etc/passwd` }),
}
