import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startDevnet } from '../index'
import type { Scenario } from './author'
import { signExtrinsic, signerOf } from './signer'

const [scripted, client] = [signerOf('scripted'), signerOf('client')]
const remark = (remark: string) => ({ __kind: 'System', value: { __kind: 'remark', remark } })
const scenario: Scenario = {
  name: 'one remark a block',
  balances: { [scripted.account]: 10n ** 12n, [client.account]: 10n ** 12n },
  beforeBlock: ({ send }) => send(scripted, remark('0x01')),
}

let folder: string
let journalFile: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'subledger-journal-'))
  journalFile = path.join(folder, 'devnet', 'journal.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(use: (devnet: Awaited<ReturnType<typeof startDevnet>>) => unknown, seed = 1) {
  const devnet = await startDevnet({ scenario, journalFile, seed })
  try {
    await use(devnet)
    const { chain } = devnet.node
    return Array.from({ length: chain.head.height + 1 }, (_, height) => chain.at(height)!.hash)
  } finally {
    await devnet.close()
  }
}

it('makes the blocks with the transactions of clients again at the next start', async () => {
  const first = await run(async (devnet) => {
    const send = (nonce: number) =>
      devnet.submit(signExtrinsic(devnet.node.spec, client, remark('0x02'), nonce, devnet.genesisHash))
    await devnet.produceBlocks(3)
    send(1)
    await devnet.produceBlocks(2)
    send(0)
    await devnet.produceBlocks(2)
    send(2)
    await devnet.produceBlocks(1)
  })
  const second = await run((devnet) => devnet.produceBlocks(2))
  expect(second.slice(0, first.length)).toEqual(first)
  const third = await run(() => {})
  expect(third).toEqual(first)
  expect(readFileSync(journalFile, 'utf8').trim().split('\n')).toHaveLength(4)
})

it('drops a line that was cut off while it was written', async () => {
  await run((devnet) => devnet.produceBlocks(1))
  appendFileSync(journalFile, '{"height":2,"extr')
  await run((devnet) => devnet.produceBlocks(1))
  expect(readFileSync(journalFile, 'utf8')).toMatch(/^\{"genesisHash":"0x[0-9a-f]{64}"\}\n$/)
})

it('refuses a journal of another chain, and a damaged one', async () => {
  await run(() => {})
  const failure = await run(() => {}, 2).catch((error) => error)
  expect(failure).toMatchObject({ code: 'SL-DEVNET-JOURNAL', kind: 'user' })
  writeFileSync(journalFile, 'nonsense\n')
  await expect(run(() => {})).rejects.toMatchObject({ code: 'SL-DEVNET-JOURNAL' })
})
