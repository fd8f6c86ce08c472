import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LedgerError } from '../../errors/ledger-error'
import type { RpcHandler } from '../../rpc/answer'
import { type RpcServer, startRpcServer } from '../../rpc/server'
import { createNodeHandler, SYSTEM_EVENTS_KEY } from '../recording/node-handler'
import { Recording } from '../recording/recording'
import { type RecordingNode, recordingSource, startRecordingNode } from '../recording/recording-node'
import { readBlocks } from '../recording/test-processor'
import { devMetadata, devRandomRecording, recordingsMissing } from '../recording/test-recordings'
import { headerHash } from './header-hash'
import { type ReadAhead, type ReadAheadOptions, startReadAhead } from './read-ahead'

const options = { file: devRandomRecording, metadata: devMetadata }
const LAST_HEIGHT = 123
const FORGED = `0x${'22'.repeat(32)}`

describe.skipIf(recordingsMissing)('the read-ahead', () => {
  const opened: { close(): Promise<void> }[] = []
  let cacheDir: string
  beforeEach(() => {
    cacheDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-blocks-'))
  })
  afterEach(async () => {
    for (const it of opened.splice(0).reverse()) await it.close()
    rmSync(cacheDir, { recursive: true, force: true })
  })
  const keep = <T extends { close(): Promise<void> }>(it: T): T => {
    opened.push(it)
    return it
  }
  const node = async (): Promise<RecordingNode> => keep(await startRecordingNode(options))
  const readAhead = async (upstreamUrl: string, more: Partial<ReadAheadOptions> = {}): Promise<ReadAhead> =>
    keep(
      await startReadAhead({
        upstreamUrl,
        startTimeoutMs: 2_000,
        headPollMs: 20,
        missingBlockPauseMs: 10,
        ...more,
      }),
    )
  /** The recording's node, with some of its answers changed. */
  const lyingNode = async (change: (handle: RpcHandler) => RpcHandler): Promise<RpcServer> => {
    const recording = await Recording.open(options.file)
    const { handle } = createNodeHandler(await recordingSource(recording, options.metadata))
    return keep(await startRpcServer({ port: 0, handle: change(handle) }))
  }
  const cachedFiles = (): string[] =>
    readdirSync(cacheDir, { recursive: true, withFileTypes: true })
      .filter((it) => it.isFile() && it.parentPath.includes('blocks'))
      .map((it) => path.join(it.parentPath, it.name))
      .sort()

  it.each(['ws', 'http'] as const)(
    'gives the processor over %s what the node itself gives',
    async (transport) => {
      const { wsUrl, httpUrl } = await node()
      const { url } = await readAhead(transport === 'ws' ? wsUrl : httpUrl)
      expect(await readBlocks(url, 0)).toEqual(await readBlocks(wsUrl, 0))
    },
  )

  it('fetches every block once, and asks for runtime versions by range, not by block', async () => {
    const asked: string[] = []
    const { wsUrl } = await lyingNode((handle) => (request, session) => {
      asked.push(request.method)
      return handle(request, session)
    })
    await readBlocks((await readAhead(wsUrl)).url, 0)
    const count = (method: string) => asked.filter((it) => it === method).length
    expect(count('chain_getBlock')).toBe(LAST_HEIGHT + 1)
    expect(count('state_getStorageAt')).toBe(LAST_HEIGHT + 1)
    expect(count('state_getRuntimeVersion')).toBe(8)
    expect(count('state_getMetadata')).toBe(1)
  })

  it('fetches nothing that lies before the place where the reader begins', async () => {
    const heights: number[] = []
    const { wsUrl } = await lyingNode((handle) => (request, session) => {
      if (request.method === 'chain_getBlockHash') heights.push(request.params[0] as number)
      return handle(request, session)
    })
    const { url } = await readAhead(wsUrl)
    await readBlocks(url, 70)
    // The genesis names the chain; ranges are of 32 blocks.
    expect(Math.min(...heights.filter((height) => height !== 0))).toBe(64)
  })

  it('serves everything from the disk cache while the node is down', async () => {
    const upstream = await startRecordingNode(options)
    const first = await startReadAhead({ upstreamUrl: upstream.wsUrl, cacheDir })
    const blocks = await readBlocks(first.url, 0)
    await first.close()
    await upstream.close()
    const second = await readAhead(upstream.wsUrl, { cacheDir })
    expect(await readBlocks(second.url, 0)).toEqual(blocks)
    expect(second.stats()).toMatchObject({ fetchedBlocks: 0, cachedBlocks: LAST_HEIGHT + 1 })
  })

  it('fetches a cached range anew when one of its bits has flipped', async () => {
    const { wsUrl } = await node()
    const first = await startReadAhead({ upstreamUrl: wsUrl, cacheDir })
    const blocks = await readBlocks(first.url, 0)
    await first.close()
    const [, file] = cachedFiles()
    const bytes = readFileSync(file!)
    bytes[bytes.length >> 1]! ^= 0x10
    writeFileSync(file!, bytes)
    const warnings: string[] = []
    const second = await readAhead(wsUrl, { cacheDir, onWarning: (it) => warnings.push(it) })
    expect(await readBlocks(second.url, 0)).toEqual(blocks)
    expect(second.stats()).toMatchObject({ fetchedBlocks: 32, cachedBlocks: LAST_HEIGHT + 1 - 32 })
    expect(warnings).toEqual([expect.stringContaining('range 1 is damaged')])
  })

  it('drops what a crash left of a write', async () => {
    const { wsUrl } = await node()
    const first = await startReadAhead({ upstreamUrl: wsUrl, cacheDir })
    const blocks = await readBlocks(first.url, 0)
    await first.close()
    const files = cachedFiles()
    writeFileSync(files[0]!, readFileSync(files[0]!).subarray(0, 100))
    writeFileSync(`${files[2]}.unfinished-0011`, 'half')
    const second = await readAhead(wsUrl, { cacheDir })
    expect(await readBlocks(second.url, 0)).toEqual(blocks)
    expect(second.stats().fetchedBlocks).toBe(32)
    expect(cachedFiles().filter((it) => it.includes('unfinished'))).toEqual([])
  })

  it('goes on without the disk when its allowance is used up', async () => {
    const { wsUrl } = await node()
    const warnings: string[] = []
    const { url } = await readAhead(wsUrl, {
      cacheDir,
      maxCacheBytes: 20_000,
      onWarning: (it) => warnings.push(it),
    })
    expect(await readBlocks(url, 0)).toHaveLength(LAST_HEIGHT + 1)
    expect(warnings).toEqual([expect.stringContaining('no longer kept on disk')])
  })

  it('stays within its memory and still gives every block', async () => {
    const { wsUrl } = await node()
    const maxMemoryBytes = 200_000
    const reader = await readAhead(wsUrl, { maxMemoryBytes })
    expect(await readBlocks(reader.url, 0)).toEqual(await readBlocks(wsUrl, 0))
    expect(reader.stats().memoryBytes).toBeLessThan(maxMemoryBytes)
  })

  it('follows the finalized head and serves no block above it', async () => {
    const upstream = await node()
    upstream.setHead(40)
    const { url } = await readAhead(upstream.wsUrl)
    expect((await readBlocks(url, 0)).at(-1)!.height).toBe(40)
    upstream.setHead(45)
    await expect.poll(async () => (await readBlocks(url, 39)).at(-1)!.height).toBe(45)
  })

  it('survives connections that are cut while it reads', async () => {
    const upstream = await node()
    const slow = keep(await startRecordingNode({ ...options, latencyMs: 15 }))
    const reader = await readAhead(slow.wsUrl, { maxBatchCalls: 8 })
    const cuts = setInterval(() => slow.dropConnections(), 40)
    const blocks = await readBlocks(reader.url, 0).finally(() => clearInterval(cuts))
    expect(reader.stats().connectionErrors).toBeGreaterThan(0)
    expect(blocks).toEqual(await readBlocks(upstream.wsUrl, 0))
  })

  it('stops at a block whose header does not hash to its hash', async () => {
    const { wsUrl } = await lyingNode((handle) => (request, session) => {
      const answer = handle(request, session) as { block?: { header: { number: string } } }
      if (request.method !== 'chain_getBlock' || answer?.block?.header.number !== '0x32') return answer
      return {
        block: { ...answer.block, header: { ...answer.block.header, stateRoot: `0x${'11'.repeat(32)}` } },
      }
    })
    const failures: LedgerError[] = []
    const { url } = await readAhead(wsUrl, { onFailure: (it) => failures.push(it) })
    await expect(readBlocks(url, 0)).rejects.toThrow('SL-CHAIN-CONTRADICTION: Block 50:')
    expect(failures).toMatchObject([{ kind: 'contradiction', facts: { height: 50 } }])
  })

  it.each([
    ['within a range', { parentHash: FORGED }, 95],
    ['from one range to the next', { stateRoot: FORGED }, 96],
  ])(
    'stops with height and both hashes where a block does not continue the one before, %s',
    async (...row) => {
      const [, forgery, stopHeight] = row
      // Consistent in itself and of another branch, so that only the chain of parents tells.
      const recording = await Recording.open(options.file)
      const { header: honest, hash: honestHash } = recording.block(95)!
      recording.close()
      const header = { ...honest, ...forgery }
      const twin = { header, hash: headerHash(header), honestHash }
      const { wsUrl } = await lyingNode((handle) => (request, session) => {
        const [hash] = request.params
        if (request.method === 'chain_getBlockHash' && hash === 95) return twin.hash
        if (hash !== twin.hash && request.params[1] !== twin.hash) return handle(request, session)
        if (request.method === 'chain_getBlock') return { block: { header: twin.header, extrinsics: [] } }
        const params = request.params.map((it) => (it === twin.hash ? twin.honestHash : it))
        return handle({ ...request, params }, session)
      })
      const { url } = await readAhead(wsUrl)
      const named = stopHeight === 95 ? FORGED : honestHash
      const previous = stopHeight === 95 ? honest.parentHash : twin.hash
      await expect(readBlocks(url, 0)).rejects.toThrow(
        `SL-CHAIN-CONTRADICTION: Block ${stopHeight}: it names ${named} as its parent, but block ${stopHeight - 1} is ${previous}.`,
      )
    },
  )

  it('stops at the block on which two nodes disagree, and says what differs', async () => {
    const honest = await node()
    const other = await lyingNode((handle) => (request, session) => {
      const answer = handle(request, session)
      const altered = request.method === 'state_getStorageAt' && request.params[0] === SYSTEM_EVENTS_KEY
      if (!altered || typeof answer !== 'string') return answer
      const header = handle({ method: 'chain_getHeader', params: [request.params[1]] }, session)
      return (header as { number: string }).number === '0x46' ? `${answer.slice(0, -2)}ff` : answer
    })
    const { url } = await readAhead(honest.wsUrl, { compareUrl: other.wsUrl })
    await expect(readBlocks(url, 0)).rejects.toThrow(
      'SL-NODES-DISAGREE: Block 70: the two nodes give different events',
    )
  })

  it('reads on when two nodes agree, and does not trust blocks that were cached without comparison', async () => {
    const [a, b] = [await node(), await node()]
    const first = await startReadAhead({ upstreamUrl: a.wsUrl, cacheDir })
    await readBlocks(first.url, 0)
    await first.close()
    const second = await startReadAhead({ upstreamUrl: a.wsUrl, compareUrl: b.wsUrl, cacheDir })
    await readBlocks(second.url, 0)
    expect(second.stats().cachedBlocks).toBe(0)
    await second.close()
    const third = await readAhead(a.wsUrl, { compareUrl: b.wsUrl, cacheDir })
    await readBlocks(third.url, 0)
    expect(third.stats().fetchedBlocks).toBe(0)
  })

  it('says that the node does not answer, when no cache knows it', async () => {
    const upstream = await startRecordingNode(options)
    await upstream.close()
    const started = startReadAhead({ upstreamUrl: upstream.wsUrl, cacheDir, startTimeoutMs: 200 })
    await expect(started).rejects.toMatchObject({ code: 'SL-NODE-UNREACHABLE' })
  })

  it('asks the node once for the state of a finalized block', async () => {
    let asked = 0
    const { wsUrl } = await lyingNode((handle) => (request, session) => {
      if (request.method !== 'state_getStorage') return handle(request, session)
      asked += 1
      return '0x2a'
    })
    const { url, httpUrl } = await readAhead(wsUrl, { cacheDir })
    const [block] = await readBlocks(url, 50, 50)
    const ask = () => fetchResult(httpUrl, 'state_getStorage', '0x1234', block!.hash)
    expect([await ask(), await ask(), asked]).toEqual(['0x2a', '0x2a', 1])
  })
})

async function fetchResult(url: string, method: string, ...params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(url, { method: 'POST', body })
  return ((await response.json()) as { result?: unknown }).result
}
