import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBlob } from '../core/blobs'
import { TestPlatform } from './test/test-platform'

describe('a submission', () => {
  let platform: TestPlatform
  beforeAll(async () => {
    platform = await TestPlatform.start()
  })
  afterAll(() => platform.close())

  it('is checked, accepted, and stands in the log with its gist, its commitment and its place', async () => {
    const miner = platform.miner('alice')
    expect(await platform.check(miner)).toEqual({
      status: 200,
      body: { status: 'success', message: 'Agent check successful' },
    })
    const { status, body } = await platform.submit(miner)
    expect([status, body]).toEqual([
      201,
      {
        artifact_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        message: 'Artifact submitted successfully',
        similarity_check: 'enabled',
        similar_results: [],
      },
    ])
    const events = await platform.events()
    expect(events.map(({ type }) => type)).toEqual([
      'BitrecsSubmissionChecked',
      'BitrecsNonceUsed',
      'BitrecsAgentSubmitted',
      'BitrecsAgentEmbedded',
    ])
    expect(events[2]).toMatchObject({
      actor: miner.signer.account,
      payload: {
        agentId: body.artifact_id,
        hotkey: miner.signer.account,
        uid: 1,
        gist: { id: miner.gist.gistId, commitSha: miner.gist.commitSha },
        commitment: { revealHeight: 8, commitHeight: 6 },
      },
    })
    const { sha256 } = (events[2]!.payload as { gist: { sha256: string } }).gist
    expect((await readBlob(platform.pool, sha256))?.toString()).toBe(miner.gist.content)
  })

  it('fetches the content of the very commit that it records', async () => {
    const miner = platform.miner('pinned')
    expect((await platform.submit(miner)).status).toBe(201)
    expect(platform.gists.asked).toContain(
      `/octo-miner/${miner.gist.gistId}/raw/${miner.gist.commitSha}/artifact.yaml`,
    )
  })
})
