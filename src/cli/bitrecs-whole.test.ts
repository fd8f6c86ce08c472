import path from 'node:path'
import type { ApiPromise } from '@polkadot/api'
import { Keyring } from '@polkadot/keyring'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bitrecs } from '../devnet'
import { bitrecsSystem } from '../engine/systems/bitrecs'
import { SubnetReplica } from '../validator/replica/verify-decision'
import { WHOLE_SEED, WholeSystem } from './test-whole-system'

const NETUID = bitrecs.netuid

describe('Bitrecs, whole, on the devnet', { timeout: 240_000 }, () => {
  let whole: WholeSystem
  let node: ApiPromise
  const ask = (query: string) => whole.ask(query)

  beforeAll(async () => {
    await cryptoWaitReady()
    whole = await WholeSystem.start('bitrecs:122', { historyBlocks: 140, scriptedWeights: [67, 94] })
    node = whole.node
  }, 120_000)
  afterAll(() => whole?.close(), 60_000)

  it('takes what miners committed through screening and evaluation to a decision', async () => {
    await vi.waitFor(
      async () => {
        const { weights } = await ask(`{ weights(netuid: ${NETUID}) { outcome shares { share } } }`)
        expect(weights).toMatchObject({ outcome: 'weights', shares: [{ share: expect.any(Number) }] })
        const { leaderboard } = await ask(`{ leaderboard(netuid: ${NETUID}) { rank } }`)
        expect(leaderboard.length).toBeGreaterThanOrEqual(3)
      },
      { timeout: 120_000, interval: 500 },
    )
    const { refusedCommands } = await ask(`{ refusedCommands(netuid: ${NETUID}) { nodes { command code } } }`)
    expect(refusedCommands.nodes).toContainEqual({ command: 'submit', code: 'hotkey_mismatch' })
  })

  it('is set by a validator that recomputed it, and stands on chain as it was decided', async () => {
    const { event, outcome } = await whole.validate(bitrecsSystem, NETUID, bitrecs.validators[0]!)
    expect(outcome).toMatchObject({ kind: 'committed' })
    const { u16 } = event.payload as { u16: { uid: number; value: number }[] }
    const { hotkey } = bitrecs.validators[0]!
    const subtensor = node.query.subtensorModule!
    const uid = Number((await subtensor.uids!(NETUID, hotkey.account)).toString())
    await vi.waitFor(
      async () => {
        const stored = (await subtensor.weights!(NETUID, uid)).toJSON() as [number, number][]
        expect(stored).toEqual(u16.map(({ uid: to, value }) => [to, value]))
      },
      { timeout: 60_000, interval: 300 },
    )
    await vi.waitFor(
      async () => {
        const { weightVectors } = await ask(
          `{ weightVectors(netuid: ${NETUID}) { uid submitted { uid value } effective { uid value } } }`,
        )
        const own = weightVectors.find((one: { uid: number }) => one.uid === uid)
        expect(own).toMatchObject({ submitted: u16, effective: u16 })
      },
      { timeout: 30_000, interval: 300 },
    )
  })

  it('gives an auditor with only the logs and the policy the same u16 vector', async () => {
    const { decisions } = await ask(
      `{ decisions(netuid: ${NETUID}, last: 3) { nodes { seq audit { equal } } } }`,
    )
    for (const { audit } of decisions.nodes) expect(audit).toEqual({ equal: true })
    const replica = await SubnetReplica.open({
      apiUrl: whole.url,
      netuid: NETUID,
      system: bitrecsSystem,
      folder: path.join(whole.folder, 'auditor'),
    })
    const { audit } = await replica.verify(Number(decisions.nodes[0].seq))
    expect(audit.equal).toBe(true)
  })

  it('explains why a miner won or lost, and what another policy would have given', async () => {
    const { leaderboard } = await ask(`{ leaderboard(netuid: ${NETUID}) { hotkey isWinner } }`)
    const loser = leaderboard.find((row: { isWinner: boolean }) => !row.isWinner)
    const change = JSON.stringify(JSON.stringify({ policy: { emissionPortion: 0 } }))
    const { explain, whatIf } = await ask(
      `{ explain(netuid: ${NETUID}, subject: "${loser.hotkey}") whatIf(netuid: ${NETUID}, change: ${change}) }`,
    )
    expect(explain).toMatchObject({ rank: expect.any(Number), winner: expect.any(String) })
    expect(['dominated', 'fewer_points', 'tie_lost']).toContain(explain.verdict)
    expect(whatIf).toMatchObject({ changes: true, after: { outcome: 'burn_only' } })
  })

  it('tells a submission’s whole life', async () => {
    const { submissions } = await ask(`{ submissions(netuid: ${NETUID}, first: 1) { nodes { agentId } } }`)
    const { agentId } = submissions.nodes[0]
    const { submission } = await ask(`{ submission(netuid: ${NETUID}, agentId: "${agentId}") {
      hotkey status history { status reason height } evaluations { kind outcome score } explain } }`)
    expect(submission).toMatchObject({
      hotkey: expect.stringMatching(/^5/),
      history: expect.arrayContaining([
        { status: 'screening_1', reason: 'submitted', height: expect.any(Number) },
      ]),
      evaluations: expect.arrayContaining([{ kind: 'screener_1', outcome: 'success', score: 1 }]),
      explain: { verdict: expect.any(String) },
    })
    expect(submission.history.at(-1).status).toBe(submission.status)
  })

  it('answers the read routes of the existing API, with their shapes', async () => {
    // biome-ignore lint/suspicious/noExplicitAny: shapes differ from route to route
    const get = async (route: string, key = 'devnet'): Promise<any> => {
      const response = await fetch(`${whole.url}${route}`, { headers: { 'x-api-key': key } })
      expect([route, response.status]).toEqual([route, 200])
      return response.json()
    }
    const { leaderboard } = await ask(`{ leaderboard(netuid: ${NETUID}) { hotkey uid isWinner onFrontier } }`)
    const winner = leaderboard[0]
    expect((await fetch(`${whole.url}/scoring/latest`)).status).toBe(401)
    expect(await get('/health', '')).toMatchObject({
      status: 'healthy',
      validators: { connected_validators: 3, connected_screeners: 2 },
      screener_1_threshold: 0.3,
      miner_emissions: 0.1,
    })
    const { scores } = await get('/scoring/latest')
    expect(scores[0]).toMatchObject({
      run_id: expect.any(String),
      uid: expect.any(Number),
      hotkey: expect.stringMatching(/^5/),
      task_name: expect.stringContaining('bitrecs_'),
      evaluation_set_id: 1,
      sample_size: 5,
    })
    expect(scores.every(({ score }: { score: number }) => score === Math.fround(score))).toBe(true)
    expect(await get('/scoring/latest-set-info')).toMatchObject({ latest_set_id: 1 })
    const onFrontier = leaderboard.filter((row: { onFrontier: boolean }) => row.onFrontier)
    expect((await get('/scoring/pareto')).frontier_uids.sort()).toEqual(
      onFrontier.map((row: { uid: number }) => row.uid).sort(),
    )
    expect((await get('/scoring/wta')).stats[0]).toMatchObject({ winner_uid: winner.uid, rank: 1 })
    expect(await get('/scoring/constants')).toMatchObject({ MINER_EMISSION_PORTION: 0.1, DECAY_FLOOR: 0.25 })
    expect(await get('/scoring/screener-info')).toMatchObject({ prune_threshold: 0.9 })
    expect((await get('/retrieval/miner-blocks'))[winner.hotkey]).toBeGreaterThan(0)
    const agent = await get(`/retrieval/agent-by-hotkey?miner_hotkey=${winner.hotkey}`)
    expect(agent).toMatchObject({
      miner_hotkey: winner.hotkey,
      system_prompt_template: expect.stringContaining('You recommend'),
    })
    const [first] = await get(`/retrieval/evaluations-for-agent?agent_id=${agent.agent_id}`)
    expect(first).toMatchObject({ evaluation_set_group: 'screener_1', status: 'success' })
    const { runs, ...evaluation } = first
    const run = runs[0].evaluation_run_id
    expect(await get(`/evaluation-run/get-by-id?evaluation_run_id=${run}`)).toMatchObject({
      status: 'finished',
    })
    expect(await get(`/evaluation/get-by-evaluation-run-id?evaluation_run_id=${run}`)).toEqual(evaluation)
    expect(await get(`/agent/get-gist-info?agent_id=${agent.agent_id}`)).toMatchObject({
      hotkey: winner.hotkey,
    })
    expect((await get('/retrieval/top-agents'))[0]).toMatchObject({ validator_count: 3, approved: true })
    expect(await get('/retrieval/network-statistics')).toMatchObject({ top_score: expect.any(Number) })
    for (const route of [
      '/retrieval/queue?stage=validator',
      '/retrieval/current-agents',
      '/retrieval/benchmark-agents',
      `/retrieval/agent-by-id?agent_id=${agent.agent_id}`,
      `/retrieval/all-agents-by-hotkey?miner_hotkey=${winner.hotkey}`,
      '/retrieval/top-scores-over-time',
      '/evaluation-sets/all-latest-set-problems',
      '/statistics/problem-statistics?set_id=1',
      '/validator/connected-validators-info',
    ]) {
      expect([route, Array.isArray(await get(route)) || (await get(route)) !== null]).toEqual([route, true])
    }
    expect((await get('/metagraph/info')).nodes[winner.hotkey]).toMatchObject({ uid: winner.uid })
    const logs = await fetch(
      `${whole.url}/evaluation-run/get-logs-by-id?evaluation_run_id=${run}&type=agent`,
      {
        headers: { 'x-api-key': 'devnet' },
      },
    )
    expect(await logs.text()).toContain('evaluated')
  })

  it('alarms of a validator that sets something else, in the block in which it is seen', async () => {
    const pair = new Keyring({ type: 'sr25519' }).addFromSeed(
      Buffer.from(bitrecs.validators[2]!.hotkey.seed.slice(2), 'hex'),
    )
    const { commit, revealRound, uid } = await hidden(node, pair.publicKey)
    await node.tx.subtensorModule!.commitTimelockedWeights!(NETUID, commit, revealRound, 4).signAndSend(pair)
    const seen = await vi.waitFor(
      async () => {
        const { divergences } = await ask(
          `{ divergences(netuid: ${NETUID}) { nodes { cause validatorUid fromHeight submittedSeq submitted } } }`,
        )
        const found = divergences.nodes.filter(
          (one: { validatorUid: number; submittedSeq: string | null }) =>
            one.validatorUid === uid && one.submittedSeq,
        )
        expect(found.length).toBeGreaterThan(0)
        return found.at(-1)
      },
      { timeout: 90_000, interval: 400 },
    )
    expect(seen.cause).toBe('other_winner')
    const { event } = await ask(`{ event(netuid: ${NETUID}, seq: "${seen.submittedSeq}") { height type } }`)
    expect(event).toMatchObject({ type: 'WeightsSet' })
    expect(seen.fromHeight - event.height).toBeLessThanOrEqual(1)
  })

  /** Everything to the validator itself, for the next epoch. */
  async function hidden(chain: ApiPromise, publicKey: Uint8Array) {
    const { Locksmith } = await import('../devnet/scenario/locksmith.js')
    const height = (await chain.rpc.chain.getHeader()).number.toNumber()
    const hotkey = `0x${Buffer.from(publicKey).toString('hex')}`
    const uid = Number((await chain.query.subtensorModule!.uids!(NETUID, hotkey)).toString())
    const payload = { hotkey, uids: [uid], values: [65_535], versionKey: 1n }
    const tempo = Number((await chain.query.subtensorModule!.tempo!(NETUID)).toString())
    return { uid, ...new Locksmith(WHOLE_SEED).weights(payload, height, tempo + 3) }
  }
})
