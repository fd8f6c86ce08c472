import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const main = path.resolve(__dirname, '../../lib/src/cli/main.js')
const shared = process.env.SUBLEDGER_SHARED ?? path.resolve(__dirname, '../../../shared')
const vectors = path.join(shared, 'vectors')

/** The command as a person runs it, with a document on standard input. */
function subledger(args: readonly string[], input: unknown) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    input: typeof input === 'string' ? input : JSON.stringify(input),
    encoding: 'utf8',
  })
  return { status, stderr, result: status === 0 ? JSON.parse(stdout) : undefined }
}

describe.skipIf(!existsSync(vectors))('offline commands on the vectors (../shared/vectors)', () => {
  const read = (name: string) => JSON.parse(readFileSync(path.join(vectors, `${name}.json`), 'utf8'))

  it('decide bitrecs gives the decision of a pipeline vector', () => {
    const [, vector] = read('bitrecs').pipeline
    const { result } = subledger(['decide', 'bitrecs', '--profile', 'eps_narrow'], vector)
    expect(result.emit_u16).toEqual(vector.expected.eps_narrow.emit_u16)
    expect(result.winner_uid).toBe(vector.expected.eps_narrow.winner_uid)
  })

  it('claims gives the root and the layers of an emission epoch', () => {
    const epoch = read('autoresearch').vectors.find(
      (v: { id: string }) => v.id === 'bitsota-merkle-emission-3',
    )
    const { result } = subledger(['claims', '--scheme', 'emission'], epoch)
    expect(result.root).toBe(epoch.root)
    expect(result.layers).toEqual(epoch.layers)
  })

  it.each(['autoresearch', 'caster'])('decide %s answers every vector of the file', (name) => {
    const file = read(name)
    const { result } = subledger(['decide', name], file)
    expect(result.vectors.map((v: { id: string }) => v.id)).toEqual(
      file.vectors.map((v: { id: string }) => v.id),
    )
  })
})

describe('an offline command with bad input', () => {
  it.each([
    [['decide', 'bitrecs'], 'not json', 'SL-INPUT-JSON'],
    [['decide', 'bitrecs', '--profile', 'none'], {}, 'SL-DECIDE-PROFILE'],
    [['claims', '--scheme', 'none'], { claims: [] }, 'SL-CLAIMS'],
  ])('%j says what is wrong', (args, input, code) => {
    const { status, stderr } = subledger(args, input)
    expect(status).toBe(2)
    expect(stderr).toContain(code)
  })
})
