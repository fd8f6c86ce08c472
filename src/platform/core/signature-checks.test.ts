import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { cryptoWaitReady, sr25519PairFromSeed, sr25519Sign } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../database/project-root'
import type { Hex } from '../../log/envelope'
import { SignatureChecks } from './signature-checks'
import { signaturesReady } from './signatures'

const COMPILED = path.join(projectRoot(), 'lib/src/platform/core/signature-worker.js')
/** A thread that ends as soon as it is asked something. */
const BROKEN = path.join(mkdtempSync(path.join(os.tmpdir(), 'subledger-thread-')), 'broken.js')
writeFileSync(
  BROKEN,
  `require('node:worker_threads').parentPort.once('message', () => { throw new Error('broken') })`,
)

let account: Hex
const sign = new Map<string, string>()

describe.each([
  ['in a thread of their own', COMPILED],
  ['when their thread breaks', BROKEN],
  ['when no thread was compiled', path.join(os.tmpdir(), 'no-such-thread.js')],
])('signatures %s', (_, entry) => {
  const checks = new SignatureChecks(entry)
  beforeAll(async () => {
    await cryptoWaitReady()
    await signaturesReady()
    const pair = sr25519PairFromSeed(Buffer.alloc(32, 7))
    account = `0x${Buffer.from(pair.publicKey).toString('hex')}`
    for (let n = 0; n < 200; n++) {
      sign.set(`text ${n}`, Buffer.from(sr25519Sign(Buffer.from(`text ${n}`), pair)).toString('hex'))
    }
  })
  afterAll(() => checks.close())

  it('hold for their own text and account only, each its own answer', async () => {
    const asked = [...sign].flatMap(([text, signature], n) => [
      { text, signature, is: true },
      { text: `text ${n + 1}`, signature, is: false },
      { text, signature: `${signature.slice(0, -2)}00`, is: false },
      { text, signature: 'ff'.repeat(64), is: false },
      { text, signature: 'no hex', is: false },
    ])
    const answers = await Promise.all(
      asked.map(({ text, signature }) => checks.check(account, text, signature)),
    )
    expect(answers).toEqual(asked.map(({ is }) => is))
    expect(await checks.check(null, 'text 0', sign.get('text 0')!)).toBe(false)
    expect(await checks.check(`0x${'ff'.repeat(32)}`, 'text 0', sign.get('text 0')!)).toBe(false)
  })

  it('go on after the thread was closed', async () => {
    await checks.close()
    expect(await checks.check(account, 'text 1', sign.get('text 1')!)).toBe(true)
  })
})

it('have a compiled thread in the built project', () => {
  expect(existsSync(COMPILED)).toBe(true)
})
