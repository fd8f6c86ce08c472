import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type RecordingNode, startRecordingNode } from './recording-node'
import { readBlocks } from './test-processor'
import { devMetadata, devRandomRecording, devRecording, recordingsMissing } from './test-recordings'

const call = async (url: string, method: string, ...params: unknown[]) => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(url, { method: 'POST', body })
  return (await response.json()) as { result?: unknown; error?: { code: number; message: string } }
}

describe.skipIf(recordingsMissing)('a recording served as a node', () => {
  let node: RecordingNode
  afterEach(() => node.close())

  it.each(['ws', 'http'] as const)(
    'is read by the Subsquid processor over %s from genesis to the end',
    async (transport) => {
      node = await startRecordingNode({ file: devRandomRecording, metadata: devMetadata })
      const lines = readFileSync(devRandomRecording, 'utf8').trim().split('\n')
      const blocks = await readBlocks(transport === 'ws' ? node.wsUrl : node.httpUrl, 0)
      expect(blocks.map((b) => b.hash)).toEqual(lines.map((line) => JSON.parse(line).hash))
      expect(blocks.some((b) => b.text.includes('NeuronRegistered'))).toBe(true)
    },
  )

  it('that begins in the middle of a chain is read from its first block on', async () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'subledger-recording-'))
    const file = path.join(dir, 'part.jsonl')
    const lines = readFileSync(devRandomRecording, 'utf8').trim().split('\n').slice(50)
    writeFileSync(file, lines.join('\n'))
    node = await startRecordingNode({ file, metadata: devMetadata })
    const blocks = await readBlocks(node.wsUrl, 50).finally(() => rmSync(dir, { recursive: true }))
    expect(blocks.map((b) => b.hash)).toEqual(lines.map((line) => JSON.parse(line).hash))
  })

  it('answers heights as numbers, hex, lists or nothing, and null beyond the head', async () => {
    node = await startRecordingNode({ file: devRecording, metadata: devMetadata })
    const { result: head } = await call(node.httpUrl, 'chain_getHead')
    expect(await call(node.httpUrl, 'chain_getBlockHash')).toMatchObject({ result: head })
    expect(await call(node.httpUrl, 'chain_getBlockHash', '0x19')).toMatchObject({ result: head })
    expect(await call(node.httpUrl, 'chain_getBlockHash', [25, 26])).toMatchObject({ result: [head, null] })
    expect(await call(node.httpUrl, 'chain_getBlock', `0x${'00'.repeat(32)}`)).toMatchObject({ result: null })
  })

  it.each([
    ['state_getStorage', ['0x1234']],
    ['state_queryStorageAt', [['0x1234'], `0x${'00'.repeat(32)}`]],
    ['state_getKeysPaged', ['0x1234', 10]],
  ])(
    'says by %s that state is not recorded, so that the indexer does not wait for it',
    async (method, params) => {
      node = await startRecordingNode({ file: devRecording, metadata: devMetadata })
      const { error } = await call(node.httpUrl, method, ...params)
      expect(error).toMatchObject({ code: 4990, message: expect.stringContaining('State not recorded') })
      expect(error!.message).not.toContain(' not found')
    },
  )

  it('says of the state of a missing block what a node says, so that Subsquid asks again', async () => {
    node = await startRecordingNode({ file: devRecording, metadata: devMetadata })
    const { error } = await call(node.httpUrl, 'state_getRuntimeVersion', `0x${'00'.repeat(32)}`)
    expect(error).toMatchObject({ code: 4003, message: expect.stringContaining(' not found') })
  })

  it('holds blocks above the head back', async () => {
    node = await startRecordingNode({ file: devRecording, metadata: devMetadata })
    node.setHead(5)
    const { result } = await call(node.httpUrl, 'chain_getHeader')
    expect(result).toMatchObject({ number: '0x5' })
    expect(await call(node.httpUrl, 'chain_getBlockHash', 6)).toMatchObject({ result: null })
  })
})
