import { describe, expect, it } from 'vitest'
import { autoresearch } from './autoresearch'
import { bitrecs } from './bitrecs'
import { BITRECS_PROFILES } from './bitrecs/policy'
import { caster } from './caster'
import { CASTER_CHAMPION_POLICY } from './caster/policy'
import type { Decision, Mechanism } from './mechanism'
import type { Versioned } from './policy-history'

const toJson = (policy: object) => JSON.parse(JSON.stringify(policy))

const mechanisms: [string, Mechanism<never, Versioned, Decision>][] = [bitrecs, autoresearch, caster].map(
  (mechanism) => [mechanism.name, mechanism as unknown as Mechanism<never, Versioned, Decision>],
)

describe.each(mechanisms)('policies of %s', (_, mechanism) => {
  const json = toJson(mechanism.defaultPolicy)

  it('come back from JSON as they went', () => {
    expect(mechanism.readPolicy(json)).toEqual(mechanism.defaultPolicy)
  })

  it('can be read again as often as they are: the engine checks what was checked before', () => {
    expect(mechanism.readPolicy(mechanism.readPolicy(json))).toEqual(mechanism.defaultPolicy)
  })

  it('name what was never published by paths that are there', () => {
    for (const { path, note } of mechanism.unpublished?.(json as never) ?? []) {
      const found = path
        .slice(1)
        .split('/')
        .reduce((value, name) => value?.[name], json)
      expect(found, path).toBeDefined()
      expect(note).not.toBe('')
    }
  })

  it.each(Object.keys(json))('are refused without %s, or with it misspelt or of another type', (field) => {
    const { [field]: value, ...rest } = json
    for (const broken of [rest, { ...rest, [`${field}s`]: value }, { ...json, [field]: { wrong: true } }]) {
      expect(() => mechanism.readPolicy(broken)).toThrow(
        expect.objectContaining({ code: 'SL-POLICY-INVALID' }),
      )
    }
  })
})

describe('policies', () => {
  it('say that the margin and the shares of the top-3 era are not known, and the champion’s are', () => {
    expect(caster.unpublished!(caster.defaultPolicy).map(({ path }) => path)).toEqual([
      '/beats/margin',
      '/shares',
    ])
    expect(caster.unpublished!(CASTER_CHAMPION_POLICY)).toEqual([])
    expect(autoresearch.unpublished!(autoresearch.defaultPolicy).map(({ path }) => path)).toEqual([
      '/comparator',
      '/clockSkewSeconds',
      '/standardRule',
      '/medianMinResults',
    ])
    expect(bitrecs.unpublished).toBeUndefined()
  })

  it('of every profile are valid', () => {
    for (const policy of Object.values(BITRECS_PROFILES))
      expect(bitrecs.readPolicy(toJson(policy))).toEqual(policy)
    expect(caster.readPolicy(toJson(CASTER_CHAMPION_POLICY))).toEqual(CASTER_CHAMPION_POLICY)
  })

  it.each([
    [
      'bounds of ε the wrong way round',
      () =>
        bitrecs.readPolicy({
          ...bitrecs.defaultPolicy,
          epsilon: { ...bitrecs.defaultPolicy.epsilon, min: 0.5 },
        }),
    ],
    [
      'a portion above the whole',
      () => bitrecs.readPolicy({ ...bitrecs.defaultPolicy, emissionPortion: 1.1 }),
    ],
    [
      'shares that are no whole',
      () => caster.readPolicy({ ...toJson(caster.defaultPolicy), shares: [0.6, 0.3, 0.2] }),
    ],
    [
      'three shares for one place',
      () => caster.readPolicy({ ...toJson(caster.defaultPolicy), roster: 'champion' }),
    ],
    [
      'an enforced split of less than all',
      () =>
        autoresearch.readPolicy(
          toJson({
            ...autoresearch.defaultPolicy,
            enforcement: { ...autoresearch.defaultPolicy.enforcement, burnShare: 0.8 },
          }),
        ),
    ],
    ['nothing', () => caster.readPolicy(null)],
  ])('with %s are refused', (_, read) => {
    expect(read).toThrow(expect.objectContaining({ code: 'SL-POLICY-INVALID' }))
  })
})
