import { Agent, request } from 'node:http'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { AutoresearchClient, type HotkeySigner } from '../../devnet/players/autoresearch/client'
import { canonicalBody } from '../../mechanisms/autoresearch/signing'
import { benchSigner, benchValidators } from './signers'

const CONNECTIONS = 64
/** Miners keep within the claims that one may hold open. */
const MINERS = 64
/** Notes and log of an honest replay. */
const REPLAY_LOG = 'step 100 heldout_ppl=7.91\n'.repeat(40)

interface Prepared {
  readonly path: string
  readonly body: string
  readonly headers: Record<string, string | number>
}

/** Submissions that every validator is offered once: the jobs whose results are then measured. */
async function submitAll(client: AutoresearchClient, submissions: number): Promise<void> {
  const task = {
    slug: 'bench-frontier',
    title: 'Bench',
    repository: 'https://git.example/bench.git',
    base_ref: 'production',
    setup_command: null,
    benchmark_command: 'make bench',
    allowed_patch_paths: ['src/*'],
    metric_name: 'heldout_ppl',
    metric_direction: 'minimize',
    competition_mode: 'standard',
  }
  const posted = await client.admin('POST', '/api/v1/tasks', 'bench', task)
  const taskId = posted.body.id as string
  const miners = Array.from({ length: MINERS }, (_, n) => benchSigner(`miner ${n}`))
  let next = 0
  const worker = async (miner: HotkeySigner) => {
    while (next < submissions) {
      const n = next++
      const claim = await client.signed(`/api/v1/tasks/${taskId}/claim`, miner, {
        claim_description: `try ${n}`,
      })
      const answer = await client.signed('/api/v1/submissions', miner, {
        claim_id: claim.body.id,
        base_ref: 'ab'.repeat(20),
        patch: `--- a/src/m.py\n+++ b/src/m.py\n@@ -1 +1 @@\n-0\n+${n}\n`,
        summary: 'bench',
        claimed_metrics: { heldout_ppl: 8 },
      })
      if (answer.status !== 201) throw new Error(`submission ${n}: ${JSON.stringify(answer.body)}`)
    }
  }
  await Promise.all(miners.map(worker))
}

/** Jobs of all validators, taken before the first result, each with its signed result. */
async function prepareResults(client: AutoresearchClient, wanted: number): Promise<Prepared[]> {
  const offered = await Promise.all(
    benchValidators().map(async (validator) => {
      const { body } = await client.signed('/api/v1/validator/submissions/scan', validator, {})
      return { validator, jobs: body.jobs as { job_id: string; submission: { id: string } }[] }
    }),
  )
  const all = offered.flatMap(({ validator, jobs }) =>
    jobs.map(({ job_id: jobId, submission }) => resultOf(client, validator, jobId, submission.id)),
  )
  return all.slice(0, wanted)
}

function resultOf(client: AutoresearchClient, validator: HotkeySigner, jobId: string, id: string): Prepared {
  const path = `/api/v1/validator/jobs/${jobId}/result`
  const json = {
    submission_id: id,
    status: 'accepted',
    observed_metrics: { heldout_ppl: 7.91 },
    notes: '',
    replay_log: `${REPLAY_LOG}${jobId}`,
  }
  const body = canonicalBody(json)
  const headers = {
    ...client.headersOf({ path, body: json }, validator),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  return { path, body, headers }
}

function sender(baseUrl: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  return ({ path, body, headers }: Prepared) =>
    new Promise<[number, string]>((resolve, reject) => {
      const sent = request(new URL(path, baseUrl), { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () => resolve([response.statusCode!, Buffer.concat(chunks).toString()]))
      })
      sent.on('error', reject)
      sent.end(body)
    })
}

async function main(): Promise<void> {
  await cryptoWaitReady()
  const baseUrl = process.env.BENCH_URL!
  const [warmUp, measured] = [Number(process.env.BENCH_WARM_UP), Number(process.env.BENCH_MEASURED)]
  const client = new AutoresearchClient(baseUrl)
  await submitAll(client, Number(process.env.BENCH_SUBMISSIONS))
  const send = sender(baseUrl)
  const latenciesMs: number[] = []
  const failures: string[] = []
  let seconds = 0
  let done = 0
  // A scan answers a bounded number of jobs: rounds of scanning (not measured) and reporting (measured).
  while (done < warmUp + measured) {
    const prepared = await prepareResults(client, warmUp + measured - done)
    if (prepared.length === 0) throw new Error(`only ${done} jobs were offered`)
    const begun = performance.now()
    let next = 0
    const worker = async () => {
      while (next < prepared.length) {
        const one = prepared[next++]!
        const sentAt = performance.now()
        const [status, answer] = await send(one)
        if (done >= warmUp) latenciesMs.push(performance.now() - sentAt)
        if (status !== 200) failures.push(`${status} ${answer}`)
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, worker))
    if (done >= warmUp) seconds += (performance.now() - begun) / 1000
    done += prepared.length
  }
  latenciesMs.sort((a, b) => a - b)
  const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)]!
  const result = {
    perSecond: latenciesMs.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    failures: failures.length,
    firstFailure: failures[0],
  }
  process.send!(result, () => process.exit(0))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
