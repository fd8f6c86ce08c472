import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { RpcClient } from '@subsquid/rpc-client'
import { SubstrateBatchProcessor } from '@subsquid/substrate-processor'

/** Blocks in one answer: a gateway gives part of a range, and the client asks on from there. */
const BLOCKS_PER_ANSWER = 40

type Row = Readonly<Record<string, unknown>>

/** One block as a gateway keeps it, with everything in it. */
export interface GatewayBlock {
  readonly header: Row & { readonly number: number; readonly hash: string }
  readonly calls: readonly (Row & { readonly extrinsicIndex: number; readonly address: number[] })[]
  readonly events: readonly (Row & { readonly extrinsicIndex?: number; readonly callAddress?: number[] })[]
}

/** What `@subsquid/substrate-processor` posts to a worker. */
interface Query {
  readonly type: 'substrate'
  readonly fromBlock: number
  readonly toBlock?: number
  readonly includeAllBlocks?: boolean
  readonly fields: Readonly<Record<'block' | 'call' | 'event', Readonly<Record<string, boolean>>>>
  readonly calls?: readonly { readonly name?: readonly string[] }[]
  readonly events?: readonly { readonly name?: readonly string[]; readonly call?: boolean }[]
}

export interface TestGateway {
  readonly url: string
  /** Ranges that were asked for, as `from-to`. */
  readonly served: string[]
  /** Status with which all further questions are refused; 200: none is. */
  status: number
  close(): Promise<void>
}

/** An HTTP server with the protocol of SQD's gateways: `/height`, `/N/worker`, and a worker that filters blocks by items and fields. */
export async function startTestGateway(blocks: readonly GatewayBlock[]): Promise<TestGateway> {
  const height = blocks.at(-1)!.header.number
  const gateway = { served: [] as string[], status: 200 }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url = '' } = request
    if (gateway.status !== 200) {
      response.writeHead(gateway.status).end('not now')
    } else if (url === '/network/height') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(String(height))
    } else if (/^\/network\/\d+\/worker$/.test(url)) {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(`${origin}/worker`)
    } else if (url === '/worker' && request.method === 'POST') {
      const query = JSON.parse(await textOf(request)) as Query
      gateway.served.push(`${query.fromBlock}-${query.toBlock ?? ''}`)
      const body = gzipSync(JSON.stringify(select(blocks, query)))
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(body)
    } else response.writeHead(404).end()
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(gateway, {
    url: `${origin}/network`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function select(blocks: readonly GatewayBlock[], query: Query): unknown[] {
  const { fromBlock, toBlock = Number.POSITIVE_INFINITY } = query
  if (query.type !== 'substrate') throw new Error(`a query of type ${query.type}`)
  const range = blocks
    .filter(({ header }) => header.number >= fromBlock && header.number <= toBlock)
    .slice(0, BLOCKS_PER_ANSWER)
  const parts = range.map((block) => selectItems(block, query))
  // The last block tells the client how far the answer reaches.
  return parts.filter(
    (block, i) =>
      query.includeAllBlocks || block.events.length + block.calls.length > 0 || i === parts.length - 1,
  )
}

function selectItems({ header, calls, events }: GatewayBlock, query: Query) {
  const { fields } = query
  const named = (asked: { readonly name?: readonly string[] }, { name }: Row) =>
    !asked.name || asked.name.includes(name as string)
  const chosen = new Set(calls.filter((call) => query.calls?.some((asked) => named(asked, call))))
  const chosenEvents = events.filter((event) => {
    const asked = query.events?.filter((it) => named(it, event)) ?? []
    const call = calls.find(
      (it) =>
        it.extrinsicIndex === event.extrinsicIndex && String(it.address) === String(event.callAddress ?? '-'),
    )
    if (call && asked.some((it) => it.call)) chosen.add(call)
    return asked.length > 0
  })
  return {
    header: pick(header, fields.block, ['number', 'hash', 'parentHash']),
    calls: calls
      .filter((call) => chosen.has(call))
      .map((call) => pick(call, fields.call, ['extrinsicIndex', 'address'])),
    events: chosenEvents.map((event) =>
      pick(event, fields.event, ['index', 'extrinsicIndex', 'callAddress']),
    ),
  }
}

function pick(
  row: Row,
  asked: Readonly<Record<string, boolean>> | undefined,
  always: readonly string[],
): Row {
  return Object.fromEntries(
    Object.entries(row).filter(
      ([name, value]) => value !== undefined && (always.includes(name) || asked?.[name]),
    ),
  )
}

const ALL_FIELDS = {
  block: { timestamp: true },
  event: { name: true, args: true, phase: true },
  call: { name: true, args: true, origin: true, success: true, error: true },
} as const

/** All blocks up to a height as a gateway would have archived them: every call and event, as Subsquid itself decodes them. */
export async function archiveOf(rpcUrl: string, toHeight: number): Promise<GatewayBlock[]> {
  const processor = new SubstrateBatchProcessor()
    .setRpcEndpoint({ url: rpcUrl })
    .setFields(ALL_FIELDS)
    .includeAllBlocks({ from: 0 })
    .setBlockRange({ from: 0, to: toHeight })
    .addEvent({ call: true })
    .addCall({})
  const internals = processor as unknown as {
    getBatchRequests(): unknown[]
    getChainRpcClient(): RpcClient
    getRpcDataSource(): {
      getFinalizedBlocks(requests: unknown[], stopOnHead: boolean): AsyncIterable<{ blocks: Mapped[] }>
    }
  }
  const client = internals.getChainRpcClient()
  internals.getChainRpcClient = () => client
  const blocks: GatewayBlock[] = []
  const source = internals.getRpcDataSource()
  for await (const batch of source.getFinalizedBlocks(internals.getBatchRequests(), true)) {
    blocks.push(...batch.blocks.map(archived))
  }
  client.close()
  return blocks
}

interface Mapped {
  readonly header: Row & { readonly height: number; readonly hash: string }
  readonly calls: readonly (Row & { readonly extrinsicIndex: number; readonly address: number[] })[]
  readonly events: readonly Row[]
}

const CALL = ['extrinsicIndex', 'address', 'name', 'args', 'origin', 'success', 'error'] as const
const EVENT = ['index', 'name', 'args', 'phase', 'extrinsicIndex', 'callAddress'] as const
const HEADER = [
  'hash',
  'parentHash',
  'timestamp',
  'specName',
  'specVersion',
  'implName',
  'implVersion',
] as const

function archived({ header, calls, events }: Mapped): GatewayBlock {
  const members = (row: Row, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, row[name]]))
  const block = {
    header: { number: header.height, ...members(header, HEADER) },
    calls: calls.map((call) => members(call, CALL)),
    events: events.map((event) => members(event, EVENT)),
  }
  // What cannot go through JSON could not have come from a gateway.
  return JSON.parse(JSON.stringify(block)) as GatewayBlock
}
