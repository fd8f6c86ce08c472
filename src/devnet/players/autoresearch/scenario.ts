import { createHash } from 'node:crypto'
import type { Json } from '../../../mechanisms/canonical-json'
import { validators } from './actors'
import type { Answered, AutoresearchClient, HotkeySigner } from './client'

/** What came out, for whoever looks at it afterwards. */
export interface ScenarioOutcome {
  readonly duelTask: string
  readonly incumbent: string
  /** Worse by less than the noise band, but with the smaller artifact: the best. */
  readonly winner: string
  /** Its artifact is not the declared one. */
  readonly tampered: string
  readonly peerTask: string
  readonly byPeers: string
  readonly epoch: number
  readonly paid: readonly string[]
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
/** An EVM address for a hotkey: the devnet's pool pays nobody in truth. */
const walletOf = ({ address }: HotkeySigner) => `0x${sha256(`devnet wallet of ${address}`).slice(0, 40)}`

const COMMIT = sha256('devnet frontier').slice(0, 40)
const BUDGET_UNITS = '1000000000'
const PATCH = [
  'diff --git a/src/model.py b/src/model.py',
  '--- a/src/model.py',
  '+++ b/src/model.py',
  '@@ -1 +1 @@',
  '-SCALE = 1.0',
  '+SCALE = 0.9',
  '',
].join('\n')

export const DUEL_SLUG = 'devnet-ternary-frontier'
const PEER_SLUG = 'devnet-peer-review'

const task = (slug: string, over: { readonly [key: string]: Json }): Json => ({
  slug,
  title: `Devnet: ${slug}`,
  brief: 'A task of the development chain; nothing is trained.',
  repository: 'https://git.example/devnet-frontier.git',
  base_ref: 'production',
  setup_command: null,
  benchmark_command: 'python bench.py',
  result_path: 'result.json',
  allowed_patch_paths: ['src/*'],
  metric_name: 'heldout_ppl',
  metric_direction: 'minimize',
  ...over,
})

/**
 * A duel inside the noise band, a tampered artifact, a peer quorum, and a claim epoch that is paid.
 * @param cast at least four who hold a uid
 */
export async function playScenario(
  client: AutoresearchClient,
  adminToken: string,
  cast: readonly HotkeySigner[],
): Promise<ScenarioOutcome> {
  const [first, second, third, fourth] = cast
  if (!first || !second || !third || !fourth)
    throw new Error(`four miners are needed, ${cast.length} hold a uid`)
  const duelTask = await postTask(client, adminToken, DUEL_SLUG, { competition_mode: 'standard' })
  const incumbent = await submit(client, duelTask, first, { metric: 8, artifactBytes: 1_000 })
  await replay(client, incumbent, { status: 'accepted', observed_metrics: { heldout_ppl: 8 } })
  const winner = await submit(client, duelTask, second, { metric: 7.5, artifactBytes: 900 })
  await replay(client, winner, { status: 'accepted', observed_metrics: { heldout_ppl: 8.05 } })
  const tampered = await submit(client, duelTask, third, { metric: 5, artifactBytes: 800 })
  await replay(client, tampered, {
    status: 'error',
    observed_metrics: {},
    notes: 'artifact_sha256_mismatch: the artifact is not the declared one',
  })
  const modes = { competition_mode: 'peer_evaluation', min_peer_evaluations: 3 }
  const peerTask = await postTask(client, adminToken, PEER_SLUG, modes)
  const byPeers = await submit(client, peerTask, fourth, { metric: 7 })
  await judgeByPeers(client, byPeers, [first, second, third])
  const { epoch, paid } = await payEpoch(client, adminToken, [second, fourth])
  return { duelTask, incumbent, winner, tampered, peerTask, byPeers, epoch, paid }
}

function must({ status, body }: Answered, what: string): Answered['body'] {
  if (status >= 200 && status < 300) return body
  throw new Error(`${what} was answered ${status} ${JSON.stringify(body)}`)
}

async function postTask(
  client: AutoresearchClient,
  token: string,
  slug: string,
  over: { readonly [key: string]: Json },
): Promise<string> {
  return must(await client.admin('POST', '/api/v1/tasks', token, task(slug, over)), `task ${slug}`).id
}

async function submit(
  client: AutoresearchClient,
  taskId: string,
  miner: HotkeySigner,
  { metric, artifactBytes }: { readonly metric: number; readonly artifactBytes?: number },
): Promise<string> {
  const claimed = await client.signed(`/api/v1/tasks/${taskId}/claim`, miner, {
    claim_description: `try it with ${artifactBytes ?? 'no'} bytes`,
  })
  const artifact = artifactBytes && {
    artifact_uri: `https://artifacts.example/${artifactBytes}.bin`,
    artifact_sha256: sha256(`devnet artifact ${artifactBytes}`),
    artifact_size_bytes: artifactBytes,
  }
  const answer = await client.signed('/api/v1/submissions', miner, {
    claim_id: must(claimed, 'a claim').id,
    base_ref: COMMIT,
    patch: PATCH,
    summary: 'another scale',
    claimed_metrics: { heldout_ppl: metric },
    ...artifact,
  })
  return must(answer, 'a submission').id
}

/** All validators take their job before the first one reports: a committee of three. */
async function replay(
  client: AutoresearchClient,
  submissionId: string,
  result: { readonly [key: string]: Json },
): Promise<void> {
  const jobs: { readonly validator: HotkeySigner; readonly jobId: string }[] = []
  for (const validator of validators()) {
    const answer = await client.signed('/api/v1/validator/submissions/scan', validator, {})
    const found = (must(answer, 'a scan').jobs as { job_id: string; submission: { id: string } }[]).find(
      ({ submission }) => submission.id === submissionId,
    )
    if (found) jobs.push({ validator, jobId: found.job_id })
  }
  for (const { validator, jobId } of jobs) {
    const body = { submission_id: submissionId, notes: '', replay_log: 'devnet replay', ...result }
    must(await client.signed(`/api/v1/validator/jobs/${jobId}/result`, validator, body), 'a result')
  }
}

async function judgeByPeers(
  client: AutoresearchClient,
  submissionId: string,
  peers: readonly HotkeySigner[],
): Promise<void> {
  for (const [n, miner] of peers.entries()) {
    const answer = await client.signed(`/api/v1/submissions/${submissionId}/peer-evaluate`, miner, {
      status: 'accepted',
      observed_metrics: { heldout_ppl: 7 + n / 10 },
      notes: 'runs here too',
    })
    must(answer, 'a peer evaluation')
  }
}

async function payEpoch(client: AutoresearchClient, token: string, claimants: readonly HotkeySigner[]) {
  for (const miner of claimants) must(await client.setRecipient(miner, walletOf(miner)), 'a recipient')
  const admin = async (path: string, body: Json) =>
    must(await client.admin('POST', `/claims/admin/${path}`, token, body), path)
  const built = await admin('epochs', { budget_units: BUDGET_UNITS })
  const epoch = built.epoch as number
  await admin(`epochs/${epoch}/publish`, {
    root: built.root,
    total_units: built.total_units,
    uri: `https://pool.example/epochs/${epoch}.json`,
    block: 1,
  })
  const paid: string[] = []
  for (const { address } of claimants) {
    const answer = await client.get(`/claims/epoch/${epoch}/proof/${address}`)
    const { proof } = must(answer, 'a proof')
    const payment = await admin('payments', { epoch, hotkey: address, proof })
    if (payment.outcome === 'paid') paid.push(address)
  }
  return { epoch, paid }
}
