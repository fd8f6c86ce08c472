import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Runtime } from '@subsquid/substrate-runtime'
import { describe, expect, it } from 'vitest'
import { assembleMetadata } from './assemble'
import { errorsOf } from './errors'
import { palletsOf } from './pallets'
import { SPEC_NAME } from './runtime-version'

const shared = process.env.SUBLEDGER_SHARED ?? path.resolve(__dirname, '../../../../shared')
const folder = path.join(shared, 'chain/metadata')
const specs = existsSync(folder)
  ? readdirSync(folder).map((file) => ({ file, specVersion: Number(/(\d+)\.hex\.gz$/.exec(file)?.[1]) }))
  : []

const runtimeOf = (specVersion: number, metadata: string) =>
  new Runtime({ specName: SPEC_NAME, specVersion, implName: SPEC_NAME, implVersion: 1 }, metadata)

describe.skipIf(specs.length === 0)(`assembled metadata beside a real runtime's (${folder})`, () => {
  it.each(specs)('of $file', ({ file, specVersion }) => {
    const metadata = gunzipSync(readFileSync(path.join(folder, file)))
      .toString()
      .trim()
    const real = runtimeOf(specVersion, metadata)
    const ours = runtimeOf(specVersion, assembleMetadata(specVersion))
    const wrong: string[] = []
    const compare = (kind: 'calls' | 'events', name: string) => {
      if (!real[kind].has(name)) return wrong.push(`${name} is unknown`)
      const [a, b] = [real[kind].get(name), ours[kind].get(name)]
      if (a.index !== b.index) wrong.push(`${name}: index ${a.index}, not ${b.index}`)
      const fields = (it: typeof a) => it.fields.map((field) => field.name ?? '').join()
      if (fields(a) !== fields(b)) wrong.push(`${name}: fields ${fields(a)}, not ${fields(b)}`)
    }
    for (const pallet of palletsOf(specVersion)) {
      for (const { name } of pallet.calls ?? []) compare('calls', `${pallet.name}.${name}`)
      for (const { name } of pallet.events ?? []) compare('events', `${pallet.name}.${name}`)
      for (const { name } of pallet.storage ?? []) {
        const [a, b] = [real, ours].map((it) => it.description.storage[pallet.name]?.items[name])
        const shape = (it: typeof a) => it && `${it.modifier} ${it.hashers.join()}`
        if (shape(a) !== shape(b)) wrong.push(`${pallet.name}.${name}: ${shape(a)}, not ${shape(b)}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

it('knows an error by its index at each spec, and not where it is gone', () => {
  const index = (specVersion: number, name: string) =>
    errorsOf('SubtensorModule', specVersion).find((it) => it.name === name)?.index
  expect([165, 218, 365, 424].map((spec) => index(spec, 'CommitRevealDisabled'))).toEqual([59, 57, 53, 54])
  expect(index(165, 'WeightsCommitNotAllowed')).toBe(54)
  expect(index(424, 'WeightsCommitNotAllowed')).toBeUndefined()
})
