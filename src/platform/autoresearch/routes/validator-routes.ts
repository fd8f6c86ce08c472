import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from '@sinclair/typebox'
import { LedgerError } from '../../../errors/ledger-error'
import { readBlob } from '../../core/blobs'
import { gatesOf } from '../auth/gates'
import { legacyVerify, postResult } from '../replay/decide-result'
import { SCAN_MAX_JOBS, scanJobs } from '../replay/decide-scan'
import type { ReplaySpec } from '../rule-values'
import type { AutoresearchServices } from '../services'
import { readEnv } from '../tasks/private-env'
import { needsSignature, signerOf } from './authenticate'
import {
  answered,
  contentOf,
  HotkeyText,
  IdParams,
  Metrics,
  Open,
  Page,
  page,
  refusals,
  Uuid,
} from './shapes'
import { showSubmission, showVerification } from './show-submission'

const LOG_MAX_CHARS = 128_000
const NOTES_MAX_CHARS = 8_000

const Status = Type.Union([Type.Literal('accepted'), Type.Literal('rejected'), Type.Literal('error')])
const ResultBody = Type.Object(
  {
    submission_id: Uuid,
    status: Type.Unsafe<'accepted' | 'rejected' | 'error'>(Status),
    observed_metrics: Type.Unsafe<Record<string, number>>({ ...Metrics, default: {} }),
    notes: Type.String({ maxLength: NOTES_MAX_CHARS, default: '' }),
    replay_log: Type.String({ maxLength: LOG_MAX_CHARS, default: '' }),
    reason_code: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' })),
    spec_hash: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  },
  { additionalProperties: false },
)
const Resulted = Open({ job_id: Type.String(), submission_id: Type.String(), status: Type.String() })
const ScanBody = Type.Object(
  { task_id: Type.Optional(Type.Union([Uuid, Type.Null()])) },
  { additionalProperties: false },
)

/** What is handed out is what was frozen, or nothing is (invariant 1). */
const specDiffers = (submissionId: string) =>
  new LedgerError('SL-REPLAY-SPEC-DIFFERS', 'contradiction', 'A frozen specification has another hash now.', {
    remedy:
      'Keep log and database: the specification or its private values were changed after it was frozen.',
    facts: { submission: submissionId },
  })

/** Worklist and results of validators (spec autoresearch §7). */
export const validatorRoutes =
  (services: AutoresearchServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules, settings, pool, netuid } = services
    const gates = gatesOf(settings)
    const signed = { preValidation: needsSignature(services) }

    /** All that a validator needs: the submission with its patch, and the frozen specification with its private values. */
    const jobOf = async (jobId: string) => {
      const { state } = commands
      const submission = state.submissions.get(state.jobs.get(jobId)!.submissionId)!
      const [patch, env] = await Promise.all([
        submission.patch ? readBlob(pool, submission.patch.sha256) : null,
        readEnv(pool, netuid, submission.env),
      ])
      const spec = { ...submission.spec, validator_benchmark_env: env } as unknown as ReplaySpec
      if (rules.freezeSpec(spec).specHash !== submission.specHash) throw specDiffers(submission.submissionId)
      return {
        job_id: jobId,
        submission: { ...showSubmission(submission), patch: patch?.toString('utf8') ?? '' },
        replay_spec: spec,
        replay_spec_hash: submission.specHash,
      }
    }
    const scan = async (request: Parameters<typeof signerOf>[0], taskId: string | null, most: number) => {
      const { answer, jobIds } = await commands.execute(scanJobs(signerOf(request), taskId, most, gates))
      return { answer, jobs: await Promise.all(jobIds.map(jobOf)) }
    }

    app.post(
      '/validator/submissions/scan',
      {
        ...signed,
        schema: {
          summary: 'Validator: what is to be replayed',
          body: Type.Optional(ScanBody),
          response: { 200: Open({ jobs: Type.Array(Type.Unknown()) }), ...refusals(403, 503) },
        },
      },
      async (request, reply) => {
        const { answer, jobs } = await scan(request, request.body?.task_id ?? null, SCAN_MAX_JOBS)
        return answered(reply, answer.status === 200 ? { status: 200, body: { jobs } } : answer)
      },
    )
    app.post(
      '/validator/jobs/claim',
      {
        ...signed,
        schema: {
          summary: 'Validator: one job (older form of scan)',
          body: Type.Optional(ScanBody),
          response: { 200: Open({ job: Type.Unknown() }), ...refusals(403, 503) },
        },
      },
      async (request, reply) => {
        const { answer, jobs } = await scan(request, request.body?.task_id ?? null, 1)
        return answered(
          reply,
          answer.status === 200 ? { status: 200, body: { job: jobs[0] ?? null } } : answer,
        )
      },
    )
    const inputOf = (request: Parameters<typeof signerOf>[0], body: Static<typeof ResultBody>) => {
      const log = contentOf(body.replay_log)
      return { signer: signerOf(request), body, log: log.content, blobs: log.blobs }
    }
    app.post(
      '/validator/jobs/:id/result',
      {
        ...signed,
        schema: {
          summary: 'Validator: result of a replay; the same body again gives the same answer',
          params: IdParams,
          body: ResultBody,
          response: { 200: Resulted, ...refusals(403, 404, 409, 503) },
        },
      },
      async (request, reply) => {
        const input = { jobId: request.params.id, ...inputOf(request, request.body) }
        return answered(reply, await commands.execute(postResult(input, rules, gates)))
      },
    )
    app.post(
      '/submissions/:id/verify',
      {
        ...signed,
        schema: {
          summary: 'Validator: verdict in the superseded form; off unless configured',
          params: IdParams,
          body: ResultBody,
          response: { 200: Resulted, ...refusals(403, 404, 409, 503) },
        },
      },
      async (request, reply) => {
        const switches = { gates, isEnabled: settings.autoresearchLegacyVerify }
        const command = legacyVerify(request.params.id, inputOf(request, request.body), rules, switches)
        return answered(reply, await commands.execute(command))
      },
    )
    app.get(
      '/verifications',
      {
        schema: {
          summary: 'Reported replays, newest first',
          querystring: Type.Object({
            ...Page,
            submission_id: Type.Optional(Uuid),
            validator_hotkey: Type.Optional(HotkeyText),
            status: Type.Optional(Type.String({ maxLength: 20 })),
          }),
          response: {
            200: Open({ verifications: Type.Array(Type.Unknown()), total: Type.Integer() }),
            ...refusals(),
          },
        },
      },
      async ({ query }) => {
        const { state } = commands
        const { submission_id: of, validator_hotkey: by, status } = query
        const ids = of ? (state.submissions.get(of)?.jobs ?? []) : [...state.jobs.keys()]
        const found = ids
          .map((id) => state.jobs.get(id)!)
          .filter(({ result }) => result && (!status || result.status === status))
          .map(showVerification)
          .filter((shown) => !by || shown.validator_hotkey === by)
        return { verifications: page(found, query), total: found.length }
      },
    )
  }
