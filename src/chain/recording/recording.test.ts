import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { headerHash } from '../read-ahead/header-hash'
import { recordNode } from './record-node'
import { Recording } from './recording'
import { type RecordingNode, startRecordingNode } from './recording-node'

const hashOf = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`

const line = (number: number, more: Record<string, unknown> = {}, logs: string[] = []) => ({
  number,
  hash: hashOf(1000 + number),
  spec: 1,
  header: {
    parentHash: hashOf(999 + number),
    number: `0x${number.toString(16)}`,
    stateRoot: hashOf(1),
    extrinsicsRoot: hashOf(2),
    digest: { logs },
  },
  extrinsics: ['0x00'],
  events: '0x00',
  ...more,
})

describe('a recording', () => {
  let dir: string
  let file: string
  const opened: { close(): unknown }[] = []
  beforeEach(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'subledger-recording-'))
    file = path.join(dir, 'blocks.jsonl')
  })
  afterEach(async () => {
    for (const it of opened.splice(0)) await it.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const write = (...lines: unknown[]) =>
    writeFileSync(file, lines.map((it) => (typeof it === 'string' ? it : JSON.stringify(it))).join('\n'))
  const open = async (): Promise<Recording> => {
    const recording = await Recording.open(file)
    opened.push(recording)
    return recording
  }
  const metadataFile = (name: string, content: string | Buffer) => {
    const place = path.join(dir, name)
    writeFileSync(place, content)
    return place
  }
  const METADATA = '0x6d6574610e00'

  it.each([
    ['text that is not JSON', [line(5), '{"number":6'], 'LINE', 2],
    ['a line that is cut within hex', [line(5, { events: '0x0' })], 'LINE', 1],
    ['a number unlike the header', [line(5), line(6, { number: 7 })], 'LINE', 2],
    ['a missing header', [line(5, { header: undefined })], 'LINE', 1],
    ['a missing block', [line(5), line(7)], 'GAP', 2],
    ['a block twice', [line(5), line(5)], 'GAP', 2],
    [
      'a block of another branch',
      [line(5), line(6), line(7, { header: { ...line(7).header, parentHash: hashOf(3) } })],
      'PARENT',
      3,
    ],
    ['nothing', [''], 'EMPTY', 0],
  ])('with %s is refused, with the line', async (_name, lines, fault, at) => {
    write(...lines)
    await expect(open()).rejects.toMatchObject({ code: `SL-RECORDING-${fault}`, facts: { file, line: at } })
  })

  it('that does not exist is refused', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'SL-RECORDING-MISSING' })
  })

  it('needs the metadata of every spec version, and says where one occurs first', async () => {
    write(line(5), line(6), line(7, { spec: 2 }))
    const metadata = { 1: metadataFile('1', METADATA) }
    const started = startRecordingNode({ file, metadata })
    await expect(started).rejects.toMatchObject({ code: 'SL-RECORDING-SPEC', facts: { line: 3 } })
  })

  it.each([
    ['hex', METADATA],
    ['gzipped hex', gzipSync(METADATA)],
    ['bytes', Buffer.from(METADATA.slice(2), 'hex')],
  ])('takes metadata as %s', async (_name, content) => {
    write(line(5))
    const node = await startRecordingNode({ file, metadata: { 1: metadataFile('m', content) } })
    opened.push(node)
    expect(await ask(node, 'state_getMetadata')).toBe(METADATA)
  })

  it.each([
    ['another version', '0x6d6574610f00'],
    ['no hex', 'hello'],
    ['broken gzip', gzipSync(METADATA).subarray(0, 15)],
  ])('refuses metadata of %s', async (_name, content) => {
    write(line(5))
    const started = startRecordingNode({ file, metadata: { 1: metadataFile('m', content) } })
    await expect(started).rejects.toMatchObject({ code: 'SL-RECORDING-METADATA' })
  })

  it('reports the new version at the block that upgrades, which still ran under the old one', async () => {
    write(line(5), line(6), line(7, { spec: 2 }), line(8, { spec: 2 }))
    const recording = await open()
    expect([5, 6, 7, 8].map((height) => recording.reportedSpec(height))).toEqual([1, 2, 2, 2])
  })

  it('knows by the digest when it was recorded with the reported version', async () => {
    write(line(5), line(6, { spec: 2 }, ['0x08']), line(7, { spec: 2 }))
    const recording = await open()
    expect([5, 6, 7].map((height) => recording.reportedSpec(height))).toEqual([1, 2, 2])
  })

  it('that was recorded from a node that serves a recording is the same, byte by byte', async () => {
    write(line(0, { spec: 1 }), line(1), line(2, { spec: 2 }), line(3, { spec: 2 }))
    const hashed = path.join(dir, 'hashed.jsonl')
    rechain(file, hashed)
    const metadata = { 1: metadataFile('1', METADATA), 2: metadataFile('2', `${METADATA}01`) }
    const node = await startRecordingNode({ file: hashed, metadata })
    opened.push(node)
    const copy = path.join(dir, 'copy.jsonl')
    const files = await recordNode({
      url: node.wsUrl,
      from: 0,
      to: 3,
      file: copy,
      metadataFile: (spec) => path.join(dir, `copy-${spec}`),
    })
    expect(readFileSync(copy, 'utf8')).toBe(readFileSync(hashed, 'utf8'))
    expect(Object.values(files).map((it) => readFileSync(it, 'utf8'))).toEqual([METADATA, `${METADATA}01`])
  })

  it('cannot be made of blocks that are not final', async () => {
    write(line(0))
    const node = await startRecordingNode({ file, metadata: { 1: metadataFile('1', METADATA) } })
    opened.push(node)
    const made = recordNode({
      url: node.wsUrl,
      from: 0,
      to: 1,
      file: path.join(dir, 'x'),
      metadataFile: String,
    })
    await expect(made).rejects.toMatchObject({ code: 'SL-RECORD-RANGE' })
  })
})

/** Gives blocks true hashes, since the read-ahead in `recordNode` checks them. */
function rechain(from: string, to: string): void {
  let parentHash = hashOf(0)
  const lines = readFileSync(from, 'utf8')
    .split('\n')
    .map((text) => {
      const block = JSON.parse(text)
      const header = { ...block.header, parentHash }
      parentHash = headerHash(header)
      return `${JSON.stringify({ ...block, hash: parentHash, header })}\n`
    })
  writeFileSync(to, lines.join(''))
}

async function ask(node: RecordingNode, method: string, ...params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(node.httpUrl, { method: 'POST', body })
  return ((await response.json()) as { result?: unknown }).result
}
