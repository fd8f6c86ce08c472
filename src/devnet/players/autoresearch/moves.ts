import { createHash } from 'node:crypto'
import type { Json } from '../../../mechanisms/canonical-json'
import { validators } from './actors'
import type { Answered, AutoresearchClient, HotkeySigner } from './client'

export const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
const COMMIT = sha256('devnet frontier').slice(0, 40)
const CONFLICT = 409
const PATCH = [
  'diff --git a/src/model.py b/src/model.py',
  '--- a/src/model.py',
  '+++ b/src/model.py',
  '@@ -1 +1 @@',
  '-SCALE = 1.0',
  '+SCALE = 0.9',
  '',
].join('\n')

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

/** The body of an answer that has to be a good one. */
export function must({ status, body }: Answered, what: string): Answered['body'] {
  if (status >= 200 && status < 300) return body
  throw new Error(`${what} was answered ${status} ${JSON.stringify(body)}`)
}

export async function postTask(
  client: AutoresearchClient,
  token: string,
  slug: string,
  over: { readonly [key: string]: Json },
): Promise<string> {
  return must(await client.admin('POST', '/api/v1/tasks', token, task(slug, over)), `task ${slug}`).id
}

/** What a miner hands in. */
export interface Work {
  /** As it is claimed; what decides is observed. */
  readonly metric: number
  readonly artifactBytes?: number
  readonly idea?: string
  readonly parent?: string
}

export async function submit(
  client: AutoresearchClient,
  taskId: string,
  miner: HotkeySigner,
  { metric, artifactBytes, idea, parent }: Work,
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
    ...(idea !== undefined && { proposed_idea: idea }),
    ...(parent !== undefined && { implemented_submission_id: parent }),
  })
  return must(answer, 'a submission').id
}

/** All validators take their job before the first one reports: a committee of three. */
export async function replay(
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

/** A validator posts another result under a job that has one: refused, and in the log. */
export async function contradict(client: AutoresearchClient, submissionId: string): Promise<void> {
  const [validator] = validators()
  const asked = `/api/v1/verifications?submission_id=${submissionId}&validator_hotkey=${validator!.address}`
  const [job] = must(await client.get(asked), 'verifications').verifications
  const answer = await client.signed(`/api/v1/validator/jobs/${job.id}/result`, validator!, {
    submission_id: submissionId,
    status: 'accepted',
    observed_metrics: { heldout_ppl: 1 },
    notes: 'on second thoughts',
    replay_log: '',
  })
  if (answer.status !== CONFLICT) throw new Error(`a contradiction was answered ${answer.status}`)
}

export async function judgeByPeers(
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
