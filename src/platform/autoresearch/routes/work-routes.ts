import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { gatesOf } from '../auth/gates'
import type { AutoresearchServices } from '../services'
import { readEnv } from '../tasks/private-env'
import { cancelClaim, openClaim } from '../work/decide-claim'
import { type SubmissionInput, submit } from '../work/decide-submission'
import { showClaim } from '../work/show-claim'
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

const DESCRIPTION_MAX_CHARS = 4_000
const LOG_MAX_CHARS = 128_000
const URI_MAX_CHARS = 2_000
/** The patch has its own limit in each task; this one is the body's. */
const PATCH_MAX_CHARS = 1_000_000

const nullable = <S extends ReturnType<typeof Type.String>>(schema: S) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

const SubmissionBody = Type.Object(
  {
    claim_id: Uuid,
    base_ref: Type.String({ minLength: 1, maxLength: 200 }),
    patch: Type.String({ maxLength: PATCH_MAX_CHARS, default: '' }),
    summary: Type.String({ minLength: 1, maxLength: DESCRIPTION_MAX_CHARS }),
    claimed_metrics: Metrics,
    proposed_idea: nullable(Type.String({ maxLength: DESCRIPTION_MAX_CHARS })),
    implemented_submission_id: nullable(Uuid),
    artifact_uri: nullable(Type.String({ maxLength: URI_MAX_CHARS, pattern: '^https://' })),
    artifact_sha256: nullable(Type.String({ pattern: '^[0-9a-f]{64}$' })),
    artifact_size_bytes: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()]),
    ),
    execution_log: nullable(Type.String({ maxLength: LOG_MAX_CHARS })),
  },
  { additionalProperties: false },
)
type Submitted = Static<typeof SubmissionBody>

/** The three fields stand or fall together; undefined: they do not fit. */
function artifactOf({ artifact_uri: uri, artifact_sha256: sha256, artifact_size_bytes: bytes }: Submitted) {
  const given = [uri, sha256, bytes].filter((value) => value !== undefined && value !== null).length
  if (given === 0) return null
  return given === 3 ? { uri: uri!, sha256: sha256!, bytes: bytes! } : undefined
}

/** Claims and submissions of miners (spec autoresearch §5, §6). */
export const workRoutes =
  (services: AutoresearchServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules, facts, netuid, settings, pool } = services
    const gates = gatesOf(settings)
    const signed = {
      preValidation: needsSignature(services),
      config: { rateLimit: { max: settings.autoresearchRequestsPerMinute, timeWindow: '1 minute' } },
    }
    const minerOf = async (request: FastifyRequest) => {
      const signer = signerOf(request)
      const isRegistered =
        !gates.needsRegistration || (await facts.registration(netuid, signer.account)) !== null
      return { signer, isRegistered }
    }

    app.get(
      '/claims',
      {
        schema: {
          summary: 'Claims on tasks, newest first, with the seconds that are left',
          querystring: Type.Object({
            ...Page,
            task_id: Type.Optional(Uuid),
            miner_hotkey: Type.Optional(HotkeyText),
            status: Type.Optional(Type.String({ maxLength: 20 })),
          }),
          response: {
            200: Open({ claims: Type.Array(Type.Unknown()), total: Type.Integer() }),
            ...refusals(),
          },
        },
      },
      async ({ query }) => {
        const claims = [...commands.state.claims.values()]
          .map((claim) => showClaim(claim, commands.now()))
          .filter(
            (claim) =>
              (!query.task_id || claim.task_id === query.task_id) &&
              (!query.miner_hotkey || claim.miner_hotkey === query.miner_hotkey) &&
              (!query.status || claim.status === query.status),
          )
        return { claims: page(claims, query), total: claims.length }
      },
    )
    app.post(
      '/tasks/:id/claim',
      {
        ...signed,
        schema: {
          summary: 'Miner: claim a task for 45 minutes',
          params: IdParams,
          body: Type.Object(
            {
              claim_description: Type.String({ minLength: 1, maxLength: DESCRIPTION_MAX_CHARS }),
              base_submission_id: nullable(Uuid),
            },
            { additionalProperties: false },
          ),
          response: { 201: Open({ id: Type.String() }), ...refusals(403, 404, 409, 429) },
        },
      },
      async (request, reply) => {
        const { claim_description: description, base_submission_id: base } = request.body
        const input = {
          claimId: randomUUID(),
          taskId: request.params.id,
          description,
          baseSubmissionId: base ?? null,
        }
        const miner = await minerOf(request)
        return answered(reply, await commands.execute(openClaim({ ...input, ...miner }, rules, gates)))
      },
    )
    app.post(
      '/claims/:id/cancel',
      {
        ...signed,
        schema: {
          summary: 'Miner: give up a claim',
          params: IdParams,
          response: { 200: Open({ id: Type.String() }), ...refusals(403, 404, 409, 429) },
        },
      },
      async (request, reply) =>
        answered(
          reply,
          await commands.execute(cancelClaim(request.params.id, { signer: signerOf(request) }, rules)),
        ),
    )
    app.post(
      '/submissions',
      {
        ...signed,
        schema: {
          summary: 'Miner: hand in a patch, an artifact, or both',
          body: SubmissionBody,
          response: {
            201: Open({ id: Type.String(), status: Type.String() }),
            ...refusals(403, 404, 409, 429),
          },
        },
      },
      async (request, reply) => {
        const { body } = request
        const artifact = artifactOf(body)
        if (artifact === undefined) {
          const message = 'artifact_uri, artifact_sha256 and artifact_size_bytes belong together'
          return answered(reply, { status: 422, body: { detail: 'artifact_incomplete', message } })
        }
        const miner = await minerOf(request)
        const { state } = commands
        const task = state.tasks.get(state.claims.get(body.claim_id)?.taskId ?? '')
        const values = task ? await readEnv(pool, netuid, task.env) : {}
        const patch = contentOf(body.patch)
        const log = contentOf(body.execution_log ?? '')
        const input: SubmissionInput = {
          ...miner,
          submissionId: randomUUID(),
          claimId: body.claim_id,
          baseRef: body.base_ref,
          patch: body.patch,
          patchContent: patch.content,
          artifact,
          executionLog: log.content,
          summary: body.summary,
          claimedMetrics: body.claimed_metrics,
          idea: body.proposed_idea ?? null,
          parent: body.implemented_submission_id ?? null,
          env: { sha256: task?.env.sha256 ?? '', values },
          blobs: [...patch.blobs, ...log.blobs],
        }
        return answered(reply, await commands.execute(submit(input, rules, gates)))
      },
    )
  }
