import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyConsistency, verifyInclusion } from '../log/merkle/verify'
import { startTestApi, type TestApi } from './test-api'
import { registrationDraft } from './test-drafts'

/** More than a tile of 256, and no power of two. */
const EVENTS_A_BLOCK = 301
const BLOCKS = 3

describe('proofs', () => {
  let test: TestApi
  const rootAt = new Map<number, string>()
  const bare = (hex: string) => hex.slice(2)

  beforeAll(async () => {
    test = await startTestApi()
    for (let height = 1; height <= BLOCKS; height += 1) {
      const uids = Array.from({ length: EVENTS_A_BLOCK }, (_, uid) => uid)
      await test.index(
        height,
        uids.map((uid) => registrationDraft({ height, uid })),
      )
      const { data } = await test.ask('{ provenance(netuid: 122) { logs { root } } }')
      rootAt.set(height, data.provenance.logs[0].root)
    }
  })
  afterAll(() => test.close())

  it('name at a past block the root that the log had there', async () => {
    for (let height = 1; height <= BLOCKS; height += 1) {
      const { data } = await test.ask(
        `{ provenance(netuid: 122, at: {height: ${height}}) { logs { size root } } }`,
      )
      expect(data.provenance.logs).toEqual([
        { size: String(height * EVENTS_A_BLOCK), root: rootAt.get(height) },
      ])
    }
  })

  it.each([
    [0, 1],
    [0, 903],
    [255, 256],
    [256, 600],
    [511, 902],
    [902, 903],
  ])('show that event %i is in the log of %i events', async (seq, size) => {
    const { data } = await test.ask(
      `{ inclusionProof(netuid: 122, seq: "${seq}", size: "${size}") { leafHash root hashes } }`,
    )
    const { leafHash, root, hashes } = data.inclusionProof
    expect(verifyInclusion(bare(leafHash), seq, size, hashes.map(bare), bare(root))).toBe(true)
  })

  it.each([
    [1, 903],
    [256, 903],
    [301, 602],
    [602, 903],
  ])('show that the log of %i events begins that of %i', async (fromSize, size) => {
    const { data } = await test.ask(
      `{ consistencyProof(netuid: 122, fromSize: "${fromSize}", size: "${size}") { fromRoot root hashes } }`,
    )
    const { fromRoot, root, hashes } = data.consistencyProof
    expect(verifyConsistency(fromSize, size, bare(fromRoot), bare(root), hashes.map(bare))).toBe(true)
  })

  it('are refused beyond the log', async () => {
    const { errors } = await test.ask('{ inclusionProof(netuid: 122, seq: "903") { root } }')
    expect(errors?.[0]?.extensions.code).toBe('SL-API-PROOF')
  })
})
