import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import type { ApiPromise } from '@polkadot/api'
import { Keyring } from '@polkadot/keyring'
import type { KeyringPair } from '@polkadot/keyring/types'
import { cryptoWaitReady, encodeAddress } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openStream } from '../api/test-sse'
import { bitrecs, bitrecsRoles, root, type Step, usurper } from '../devnet'
import { beaconKeyOf } from '../devnet/players/bitrecs/validators'
import { weightSteps } from '../devnet/scenario/weights'
import { bitrecsSystem } from '../engine/systems/bitrecs'
import type { LogEvent } from '../log/envelope'
import { BITRECS_PROFILES } from '../mechanisms/bitrecs/policy'
import { followDecisions } from '../validator/follow-decisions'
import { SubnetReplica } from '../validator/replica/verify-decision'
import { setWeights } from '../validator/set-weights/set-weights'
import { submitCall } from '../validator/set-weights/submit-call'

import { WHOLE_BLOCK_MS, WHOLE_SEED, WholeSystem } from './test-whole-system'

const NETUID = bitrecs.netuid
const HISTORY_BLOCKS = 140
const RATE_LIMIT_BLOCKS = 12
const MAINNET_BLOCK_MS = 12_000
const MANY_UIDS = 64
const SS58 = 42

/** Everything that `subledger start` runs, and a validator beside it: chain, log, platform, engine, API, devnet's players. */
describe('Bitrecs, whole, on the devnet', { timeout: 240_000 }, () => {
  let whole: WholeSystem
  let node: ApiPromise
  let webhook: Server
  const alarms: { event: LogEvent; head: number }[] = []
  const ask = (query: string) => whole.ask(query)

  beforeAll(async () => {
    await cryptoWaitReady()
    webhook = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        alarms.push({ event: JSON.parse(body), head: whole.devnet.node.chain.head.height })
        response.end()
      })
    })
    await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve))
    const alarmWebhookUrl = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}`
    const scenario = {
      historyBlocks: HISTORY_BLOCKS,
      scriptedWeights: [67, 94],
      // Validators have earned something before they are played: who never did would be the first to lose its uid.
      beforeBlock: ((context, locksmith) => {
        if (context.height >= HISTORY_BLOCKS) return
        for (const step of weightSteps([NETUID])) step(context, locksmith)
      }) satisfies Step,
    }
    whole = await WholeSystem.start('bitrecs:122', scenario, { alarmWebhookUrl })
    node = whole.node
  }, 120_000)
  afterAll(async () => {
    await whole?.close()
    webhook?.close()
  }, 60_000)

  const pairOf = ({ seed }: { seed: string }) =>
    new Keyring({ type: 'sr25519' }).addFromSeed(Buffer.from(seed.slice(2), 'hex'))
  const uidOf = async ({ account }: { account: string }) =>
    Number((await node.query.subtensorModule!.uids!(NETUID, account)).toString())
  const weightsOf = async (uid: number) =>
    (await node.query.subtensorModule!.weights!(NETUID, uid)).toJSON() as [number, number][]
  /** Sends a call and waits until it is final; again when the runtime was upgraded under the client, as block 300 does it. */
  const final = (call: () => Parameters<typeof submitCall>[1], pair: KeyringPair) =>
    vi.waitFor(
      () => submitCall(node, call(), pair, { wanted: ['system.ExtrinsicSuccess'], timeoutMs: 30_000 }),
      { timeout: 60_000, interval: 1_000 },
    )
  const replicaIn = (name: string) =>
    SubnetReplica.open({
      apiUrl: whole.url,
      netuid: NETUID,
      system: bitrecsSystem,
      folder: path.join(whole.folder, name),
    })

  /** `subledger validator --set --once`, as a person runs it. */
  async function runValidator(n: number): Promise<string> {
    const main = path.resolve(__dirname, '../../lib/src/cli/main.js')
    const args = ['validator', '--netuid', String(NETUID), '--rpc', whole.devnet.wsUrl, '--api', whole.url]
    const own = ['--set', '--once', '--version-key', '1', '--beacon-key', beaconKeyOf(WHOLE_SEED)]
    const env = { PATH: process.env.PATH, SUBLEDGER_HOTKEY_URI: bitrecs.validators[n]!.hotkey.seed }
    const all = [main, ...args, ...own, '--data-dir', path.join(whole.folder, 'command')]
    const { stdout } = await promisify(execFile)(process.execPath, all, { env })
    return stdout
  }

  it('takes what miners committed through screening and evaluation to a decision', async () => {
    await vi.waitFor(
      async () => {
        const { weights } = await ask(`{ weights(netuid: ${NETUID}) { outcome shares { share } } }`)
        expect(weights).toMatchObject({ outcome: 'weights', shares: [{ share: expect.any(Number) }] })
        const { leaderboard } = await ask(`{ leaderboard(netuid: ${NETUID}) { rank } }`)
        expect(leaderboard.length).toBeGreaterThanOrEqual(3)
      },
      { timeout: 220_000, interval: 500 },
    )
  })

  it('is set by `subledger validator --set`, which recomputed it, and stands on chain as it was decided', async () => {
    const said = await runValidator(2)
    const [, seq] = /decision (\d+) of block \d+: verified; committed in block \d+/.exec(said) ?? [said]
    const { decision } = await ask(
      `{ decision(netuid: ${NETUID}, seq: "${seq}") { weights { uid value } audit { equal } } }`,
    )
    expect(decision.audit).toEqual({ equal: true })
    const uid = await uidOf(bitrecs.validators[2]!.hotkey)
    const decided = decision.weights.map((one: { uid: number; value: number }) => [one.uid, one.value])
    await vi.waitFor(async () => expect(await weightsOf(uid)).toEqual(decided), {
      timeout: 60_000,
      interval: 300,
    })
    await vi.waitFor(
      async () => {
        const { weightVectors } = await ask(
          `{ weightVectors(netuid: ${NETUID}) { uid submitted { uid value } effective { uid value } } }`,
        )
        const own = weightVectors.find((one: { uid: number }) => one.uid === uid)
        expect(own).toMatchObject({ submitted: decision.weights, effective: decision.weights })
      },
      { timeout: 30_000, interval: 300 },
    )
  })

  it('is set by the scenario’s own validators too, each time as it was decided', async () => {
    const all = async () => {
      const { decisions } = await ask(
        `{ decisions(netuid: ${NETUID}, last: 50) { nodes { weights { uid value } } } }`,
      )
      return decisions.nodes.map((one: { weights: unknown }) => JSON.stringify(one.weights))
    }
    for (const { hotkey } of bitrecs.validators.slice(0, 2)) {
      const uid = await uidOf(hotkey)
      const theirs = async () => (await weightsOf(uid)).map(([to, value]) => ({ uid: to, value }))
      await vi.waitFor(async () => expect(await all()).toContain(JSON.stringify(await theirs())), {
        timeout: 30_000,
        interval: 300,
      })
    }
  })

  it('is set as soon as the rate limit of the chain lets it', async () => {
    const limit = (blocks: number) =>
      final(
        () => node.tx.sudo!.sudo!(node.tx.adminUtils!.sudoSetWeightsSetRateLimit!(NETUID, blocks)),
        pairOf(root),
      )
    await limit(RATE_LIMIT_BLOCKS)
    const { hotkey } = bitrecs.validators[2]!
    const uid = await uidOf(hotkey)
    const done = new AbortController()
    const outcomes: string[] = []
    await followDecisions({
      apiUrl: whole.url,
      netuid: NETUID,
      replica: await replicaIn('patient'),
      api: node,
      pair: pairOf(hotkey),
      setting: { versionKey: 1n, isReal: true, beaconKey: beaconKeyOf(WHOLE_SEED) },
      isOnce: false,
      signal: done.signal,
      onOutcome(_, outcome) {
        outcomes.push(outcome.kind === 'refused' ? outcome.plan.code : outcome.kind)
        if (outcomes.filter((kind) => kind === 'committed').length === 2) done.abort()
      },
      onFailure: (error) => outcomes.push(String(error)),
    })
    await limit(0)
    const before = outcomes.slice(0, outcomes.lastIndexOf('committed'))
    expect([uid, before.at(-1)]).toEqual([uid, 'rate_limited'])
    expect(new Set(outcomes)).toEqual(new Set(['committed', 'rate_limited']))
  })

  it('gives an auditor with only the logs and the policy the same u16 vector', async () => {
    const { decisions } = await ask(
      `{ decisions(netuid: ${NETUID}, last: 3) { nodes { seq audit { equal } } } }`,
    )
    for (const { audit } of decisions.nodes) expect(audit).toEqual({ equal: true })
    const replica = await replicaIn('auditor')
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

  it('plays its cast: a copycat, a champion whose share decays, a failed screening', async () => {
    const { refusedCommands } = await ask(`{ refusedCommands(netuid: ${NETUID}) { nodes { command code } } }`)
    expect(refusedCommands.nodes).toContainEqual({ command: 'submit', code: 'hotkey_mismatch' })
    const { submissions, submissionHistory } = await ask(`{
      submissions(netuid: ${NETUID}, first: 100) { nodes { agentId name hotkey } }
      submissionHistory(netuid: ${NETUID}, first: 200) { nodes { agentId status reason } } }`)
    const named = (name: string) => submissions.nodes.find((one: { name: string }) => one.name === name)
    expect(submissionHistory.nodes).toContainEqual({
      agentId: named('Devnet miner 9').agentId,
      status: 'failed_screening_1',
      reason: 'score 0, needed 0.3',
    })
    const { weights, decay } = await ask(`{
      weights(netuid: ${NETUID}) { policyId shares { hotkey share } }
      decay(netuid: ${NETUID}, hotkey: "${named('Devnet miner 1').hotkey}") { decay } }`)
    expect(weights).toMatchObject({
      policyId: 'bitrecs/3-devnet',
      shares: [{ hotkey: named('Devnet miner 1').hotkey }],
    })
    expect(weights.shares[0].share).toBeLessThan(0.1)
    expect(decay[0].decay).toBeLessThan(1)
  })

  it('tells a uid that a stranger took from the miner whose scores are its own', async () => {
    const leaver = encodeAddress(bitrecsRoles.leaver.hotkey.account, SS58)
    const second = encodeAddress(bitrecs.miners[1]!.hotkey.account, SS58)
    // The oldest that earn nothing: both have scores, unless the script was faster and the first is gone already.
    await vi.waitFor(
      async () => {
        const { leaderboard, metagraph } = await ask(
          `{ leaderboard(netuid: ${NETUID}) { hotkey } metagraph(netuid: ${NETUID}) { neurons { hotkey } } }`,
        )
        const has = (list: { hotkey: string }[], hotkey: string) => list.some((one) => one.hotkey === hotkey)
        expect(has(leaderboard, second)).toBe(true)
        expect(has(leaderboard, leaver) || !has(metagraph.neurons, leaver)).toBe(true)
      },
      { timeout: 90_000, interval: 500 },
    )
    await usurp()
    const taker = encodeAddress(usurper.hotkey.account, SS58)
    const { neuron, tenures } = await vi.waitFor(
      async () => {
        const { metagraph, tenures } = await ask(`{
          metagraph(netuid: ${NETUID}) { neurons { uid hotkey registeredAt } }
          tenures(netuid: ${NETUID}, last: 100) { nodes { uid hotkey toHeight endReason } } }`)
        const neuron = metagraph.neurons.find((one: { hotkey: string }) => one.hotkey === taker)
        expect(neuron).toBeDefined()
        return { neuron, tenures: tenures.nodes }
      },
      { timeout: 30_000, interval: 300 },
    )
    const former = tenures.find(
      (one: { uid: number; toHeight: number }) =>
        one.uid === neuron.uid && one.toHeight === neuron.registeredAt,
    )
    expect(former).toMatchObject({ endReason: 'replaced' })
    const ours = JSON.stringify(JSON.stringify({ policy: BITRECS_PROFILES['subledger/1'] }))
    const { leaderboard, whatIf } = await ask(`{
      leaderboard(netuid: ${NETUID}) { hotkey uid } whatIf(netuid: ${NETUID}, change: ${ours}) }`)
    // The reference keys scores by uid; with tenures they stay with whom they were earned by, and a stranger gets none.
    expect(leaderboard).toContainEqual({ hotkey: former.hotkey, uid: neuron.uid })
    expect(whatIf.after.evidence.excluded).toContainEqual({
      key: expect.stringContaining(former.hotkey),
      reason: 'hotkey not registered',
    })
    expect(JSON.stringify(whatIf.after.weights)).not.toContain(taker)
  })

  /** 122 is full for as long as it takes to register: somebody loses its uid. */
  async function usurp(): Promise<void> {
    const present = Number((await node.query.subtensorModule!.subnetworkN!(NETUID)).toString())
    const allow = (uids: number) =>
      final(() => node.tx.sudo!.sudo!(node.tx.adminUtils!.sudoSetMaxAllowedUids!(NETUID, uids)), pairOf(root))
    await allow(present)
    await final(
      () => node.tx.subtensorModule!.burnedRegister!(NETUID, usurper.hotkey.account),
      pairOf(usurper.coldkey),
    )
    await allow(MANY_UIDS)
  }

  it('alarms of a validator that sets something else within one block: log, webhook and live query', async () => {
    const types = '["DivergenceFound"]'
    const live = await openStream(
      whole.url,
      `subscription { newEvents(netuid: ${NETUID}, log: engine, types: ${types}) { seq height payload } }`,
    )
    const { hotkey } = bitrecs.validators[2]!
    const uid = await uidOf(hotkey)
    const selfish = { mechanism: 0, height: 0, u16: [{ uid, value: 65_535 }], holders: [], burnUid: 0 }
    const setting = { versionKey: 1n, isReal: true, beaconKey: beaconKeyOf(WHOLE_SEED), pauseMs: 500 }
    const outcome = await setWeights(node, pairOf(hotkey), { netuid: NETUID, ...selfish }, setting)
    expect(outcome).toMatchObject({ kind: 'committed' })
    // The validator pays itself: nobody else does.
    const isIts = (one: { validatorUid: number; submitted: { uid: number }[] }) =>
      one.validatorUid === uid && one.submitted[0]?.uid === uid
    const heard = (async () => {
      for (let next = await live.next(); next; next = await live.next()) {
        const { payload, seq } = next.data.newEvents
        if (isIts(payload)) return { payload, seq }
      }
      throw new Error('the live query ended')
    })()
    heard.catch(() => undefined)
    const seen = await vi.waitFor(
      async () => {
        const { divergences, weightVectors } = await ask(`{
          divergences(netuid: ${NETUID}, last: 50) { nodes { cause validatorUid fromHeight submittedSeq submitted } }
          weightVectors(netuid: ${NETUID}) { uid agrees detail actedAt pendingCommitAt submitted { uid value } } }`)
        const found = divergences.nodes.filter(isIts)
        expect(found.length, JSON.stringify(weightVectors)).toBeGreaterThan(0)
        return found[0]
      },
      { timeout: 90_000, interval: 400 },
    )
    expect(seen.cause).toBe('other_winner')
    const { event } = await ask(`{ event(netuid: ${NETUID}, seq: "${seen.submittedSeq}") { height type } }`)
    expect(event).toMatchObject({ type: 'WeightsSet' })
    expect(seen.fromHeight - event.height).toBeLessThanOrEqual(1)
    const { payload, seq } = await heard
    expect(payload).toMatchObject({ cause: 'other_winner', submittedSeq: Number(seen.submittedSeq) })
    live.close()
    const posted = await vi.waitFor(() => {
      const found = alarms.find(({ event: one }) => one.netuid === NETUID && one.seq === Number(seq))
      expect(found).toBeDefined()
      return found!
    })
    expect(posted.event.payload).toMatchObject({ cause: 'other_winner', validatorUid: uid })
    // Blocks are thirty times as fast here as on the main network: what is late by one of those is late.
    expect((posted.head - event.height) * WHOLE_BLOCK_MS).toBeLessThan(MAINNET_BLOCK_MS)
  })
})
