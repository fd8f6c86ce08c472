import { createHash } from 'node:crypto'
import { encodeAddress } from '@polkadot/util-crypto'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { SLOT_MS } from '../metadata/frame-pallets'
import { GENESIS_TIME_MS } from '../node/genesis-time'
import { bitrecsRoles } from './actors'
import { bitrecsPayload, commitHeightOf, gistOf, gistsUpTo, scriptedArtifacts } from './gist'

const names = [...scriptedArtifacts, 'newcomer 1', 'newcomer 40']

describe('the gists of the scenario', () => {
  it.each(names)('%s is an artifact of its miner that keeps the template rules', (name) => {
    const { content, miner } = gistOf(name)
    const artifact = parse(content)
    expect(artifact).toMatchObject({
      miner_hotkey: encodeAddress(miner.hotkey.account, 42),
      name: expect.stringMatching(/^[a-zA-Z0-9 ]{1,30}$/),
      version_num: 1,
      status: 'screening_1',
      provider: 'CHUTES',
      model: expect.not.stringContaining(':free'),
    })
    expect(artifact.agent_id).toBeUndefined()
    expect(artifact.sampling_params.temperature).toBeGreaterThanOrEqual(0)
    expect(artifact.sampling_params.temperature).toBeLessThanOrEqual(2)
    const prompts = [artifact.system_prompt_template, artifact.user_prompt_template].join('\n')
    // No digits, so that no word can look like a product code.
    expect(prompts).not.toMatch(/\d/)
    expect(prompts.match(/\{[{%#].*?\}/g)).toHaveLength(prompts.match(/\{\{ [a-z_]+ \}\}/g)!.length)
    for (const once of ['product_catalog', 'order_json', 'cart_json']) {
      expect(content.split(once).length - 1).toBeLessThanOrEqual(1)
    }
  })

  it('are committed as commit and SHA-256 of the raw file, 105 characters', () => {
    const { commitSha, content } = gistOf('miner 1')
    const sha256 = createHash('sha256').update(content).digest('hex')
    expect(bitrecsPayload('miner 1')).toBe(`${commitSha}:${sha256}`)
    expect(bitrecsPayload('miner 1')).toHaveLength(105)
  })

  it('are written before they are committed, less than a day before', () => {
    for (const name of names) {
      const { createdAt } = gistOf(name)
      expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
      const ageMs = GENESIS_TIME_MS + commitHeightOf(name) * SLOT_MS - Date.parse(createdAt)
      expect(ageMs).toBeGreaterThan(0)
      expect(ageMs).toBeLessThan(86_400_000)
    }
  })

  it('differ in id, owner’s commit and content', () => {
    const gists = names.map(gistOf)
    for (const key of ['gistId', 'commitSha', 'content'] as const) {
      expect(new Set(gists.map((gist) => gist[key])).size).toBe(gists.length)
    }
  })

  it('are listed up to a height, oldest first', () => {
    expect(gistsUpTo(20).map((gist) => gist.artifactName)).toEqual(['miner 1', 'miner 2', 'miner 7'])
    expect(gistsUpTo(122).at(-1)!.artifactName).toBe('newcomer 3')
    expect(gistsUpTo(121).at(-1)!.artifactName).toBe('newcomer 2')
    const honest = new Set(gistsUpTo(60).map((gist) => gist.miner))
    for (const miner of bitrecsRoles.honest) expect(honest).toContain(miner)
  })

  it('refuses a name that the scenario does not know', () => {
    expect(() => gistOf('miner 99')).toThrow(/miner 99/)
  })
})
