import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sampleHash } from '../sample-drafts'
import { checkpointVerifierKey, openCheckpoint, originOf, signCheckpoint } from './checkpoint'
import { openNote, signNote, verifierKey } from './note'
import { KEY_FILE_NAME, loadSigningKey } from './signing-key'

/** The example of Go's golang.org/x/mod/sumdb/note: seed, verifier key and signature. */
const vector = {
  seed: 'gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=',
  verifier: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature: 'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
}
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const keyOfSeed = (seed: string) =>
  createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, Buffer.from(seed, 'base64')]),
    format: 'der',
    type: 'pkcs8',
  })
const key = keyOfSeed(vector.seed)
const note = `${vector.text}\n— PeterNeumann ${vector.signature}\n`
const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? Date.now() % 2 ** 31)

describe(`signed notes (seed ${seed})`, () => {
  it('are those of the published example', () => {
    expect(verifierKey('PeterNeumann', key)).toBe(vector.verifier)
    expect(signNote(vector.text, 'PeterNeumann', key)).toBe(note)
    expect(openNote(note, vector.verifier)).toBe(vector.text)
  })

  it('open among signatures of strangers', () => {
    const stranger = generateKeyPairSync('ed25519').privateKey
    const line = signNote(vector.text, 'stranger', stranger).split('\n\n')[1]
    expect(openNote(note + line, vector.verifier)).toBe(vector.text)
    expect(openNote(note, verifierKey('PeterNeumann', stranger))).toBeUndefined()
  })

  it('are refused after any change of one character', () => {
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.constantFrom('a', '1', '\n', ' ', ''), (at, put) => {
        fc.pre(note[at] !== put)
        const changed = note.slice(0, at) + put + note.slice(at + 1)
        expect(openNote(changed, vector.verifier)).toBeUndefined()
      }),
      { seed, numRuns: 500 },
    )
  })

  it.each(['', 'no line break', 'control\u0001\n', 'tab\t\n'])('are not made of %j', (text) => {
    expect(() => signNote(text, 'name', key)).toThrow(RangeError)
  })
})

describe('checkpoints', () => {
  const origin = originOf(sampleHash(1), 'chain', 122)
  const checkpoint = { origin, size: 20_852_163, root: sampleHash(2), height: 7, blockHash: sampleHash(3) }
  const verifier = checkpointVerifierKey(origin, createPublicKey(key))

  it('come back as they were signed', () => {
    const signed = signCheckpoint(checkpoint, key)
    expect(signed.split('\n').slice(0, 2)).toEqual([origin, '20852163'])
    expect(openCheckpoint(signed, verifier)).toEqual(checkpoint)
  })

  it('of one log are not taken for another’s', () => {
    const other = originOf(sampleHash(1), 'chain', 67)
    const signed = signNote(signCheckpoint(checkpoint, key).split('\n\n')[0]!.concat('\n'), other, key)
    expect(openCheckpoint(signed, checkpointVerifierKey(other, key))).toBeUndefined()
  })
})

describe('the signing key', () => {
  let dataDir: string
  beforeEach(() => {
    dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-key-'))
  })
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

  it('is made once, for its owner only', () => {
    const first = loadSigningKey({ dataDir })
    expect(loadSigningKey({ dataDir }).equals(first)).toBe(true)
    expect(statSync(path.join(dataDir, KEY_FILE_NAME)).mode & 0o777).toBe(0o600)
  })

  it('must be an Ed25519 key', () => {
    const keyFile = path.join(dataDir, 'rsa.pem')
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    writeFileSync(keyFile, privateKey.export({ format: 'pem', type: 'pkcs8' }))
    expect(() => loadSigningKey({ dataDir, keyFile })).toThrow(/is of type ec/)
    writeFileSync(keyFile, 'nonsense')
    expect(() => loadSigningKey({ dataDir, keyFile })).toThrow(/cannot be read/)
    expect(() => loadSigningKey({ dataDir, keyFile: `${keyFile}.absent` })).toThrow(/cannot be read/)
  })
})
