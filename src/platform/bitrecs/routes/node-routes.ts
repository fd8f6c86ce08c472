import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Command } from '../../core/decider'
import { accountOf } from '../../core/signatures'
import type { Answer } from '../evaluation/answer'
import { finishEvaluation, requestEvaluation } from '../evaluation/decide-evaluation'
import { updateRun } from '../evaluation/decide-run'
import { disconnect, heartbeat, registerScreener, registerValidator } from '../evaluation/decide-session'
import { evaluationSettings } from '../evaluation/settings'
import type { BitrecsServices } from '../services'
import type { BitrecsState } from '../state'
import { badSession, sessionIdOf } from './api-key'
import { isOneOf } from './same-secret'

const Anything = Type.Unknown()
const Detail = Type.Object({ detail: Type.Unknown(), code: Type.Optional(Type.String()) })
const refusals = {
  400: Detail,
  401: Type.Unknown(),
  403: Detail,
  404: Detail,
  409: Detail,
  422: Type.Unknown(),
}

const Opened = Type.Object({
  session_id: Type.String(),
  running_agent_timeout_seconds: Type.Integer(),
  running_eval_timeout_seconds: Type.Integer(),
  max_evaluation_run_log_size_bytes: Type.Integer(),
})
const Assigned = Type.Union([
  Type.Null(),
  Type.Object({
    agent_code: Type.String(),
    evaluation_runs: Type.Array(
      Type.Object({ evaluation_run_id: Type.String(), problem_name: Type.String() }),
    ),
  }),
])
const RunUpdateBody = Type.Object({
  evaluation_run_id: Type.String({ maxLength: 64 }),
  updated_status: Type.Union(
    [
      'pending',
      'initializing_agent',
      'running_agent',
      'initializing_eval',
      'running_eval',
      'finished',
      'error',
    ].map((status) => Type.Literal(status)),
  ),
  patch: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  test_results: Type.Optional(Type.Union([Type.Array(Type.Unknown(), { maxItems: 100 }), Type.Null()])),
  agent_logs: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  eval_logs: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  error_code: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  error_message: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})

const answered = (reply: FastifyReply, { status, body }: Answer) => reply.status(status).send(body)

/** Registration and work of validators and screeners (spec bitrecs §4). All of them need an API key. */
export const nodeRoutes =
  (services: BitrecsServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, facts, netuid, signatures } = services
    const { rules, limits, validators, screenerPassword } = evaluationSettings(services.settings)
    const inSession = async (
      request: FastifyRequest,
      reply: FastifyReply,
      command: (sessionId: string) => Command<BitrecsState, Answer>,
    ) => {
      const sessionId = sessionIdOf(request)
      if (!sessionId) return badSession(reply)
      return answered(reply, await commands.execute(command(sessionId)))
    }

    const ValidatorBody = Type.Object({
      timestamp: Type.Integer(),
      signed_timestamp: Type.String({ maxLength: 200 }),
      hotkey: Type.String({ maxLength: 64 }),
      commit_hash: Type.String({ maxLength: 100 }),
    })
    app.post(
      '/validator/register-as-validator',
      { schema: { body: ValidatorBody, response: { 200: Opened, ...refusals } } },
      async ({ body }, reply) => {
        const hotkey = accountOf(body.hotkey)
        const asked = {
          sessionId: randomUUID(),
          hotkey,
          address: body.hotkey,
          timestamp: body.timestamp,
          isSigned: await signatures.check(hotkey, String(body.timestamp), body.signed_timestamp),
          isWhitelisted: hotkey !== null && validators.has(hotkey),
          commitHash: body.commit_hash,
        }
        return answered(reply, await commands.execute((s, m) => registerValidator(s, m, asked, limits)))
      },
    )

    const ScreenerBody = Type.Object({
      name: Type.String({ maxLength: 64 }),
      password: Type.String({ maxLength: 200 }),
      commit_hash: Type.String({ maxLength: 100 }),
    })
    app.post(
      '/validator/register-as-screener',
      { schema: { body: ScreenerBody, response: { 200: Opened, ...refusals } } },
      async ({ body }, reply) => {
        const asked = {
          sessionId: randomUUID(),
          name: body.name,
          isPasswordRight: screenerPassword !== undefined && isOneOf(body.password, [screenerPassword]),
          commitHash: body.commit_hash,
        }
        return answered(reply, await commands.execute((s, m) => registerScreener(s, m, asked, limits)))
      },
    )

    const schema = <T>(body: T) => ({ body, response: { 200: Anything, ...refusals } })
    const Heartbeat = Type.Object({ system_metrics: Type.Optional(Type.Unknown()) })
    app.post('/validator/heartbeat', { schema: schema(Heartbeat) }, (request, reply) =>
      inSession(request, reply, (id) => (s, m) => heartbeat(s, m, id, request.body.system_metrics)),
    )

    app.post(
      '/validator/request-evaluation',
      { schema: { body: Type.Unknown(), response: { 200: Assigned, ...refusals } } },
      (request, reply) => {
        const ids = { evaluationId: randomUUID(), next: () => randomUUID() }
        return inSession(request, reply, (id) => (s, m) => requestEvaluation(s, m, id, ids, rules))
      },
    )

    app.post(
      '/validator/update-evaluation-run',
      { schema: schema(RunUpdateBody) },
      async (request, reply) => {
        const asked = updateOf(request.body)
        const agent = agentOf(commands.state, asked.runId)
        const registration = agent ? await facts.registration(netuid, agent.hotkey) : null
        return inSession(request, reply, (id) => (s, m) => updateRun(s, m, id, asked, registration, rules))
      },
    )

    app.post('/validator/finish-evaluation', { schema: schema(Type.Unknown()) }, (request, reply) =>
      inSession(request, reply, (id) => (s, m) => finishEvaluation(s, m, id, rules)),
    )

    const Disconnect = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) })
    app.post('/validator/disconnect', { schema: schema(Disconnect) }, (request, reply) =>
      inSession(request, reply, (id) => (s, m) => disconnect(s, m, id, request.body.reason ?? '', rules)),
    )
  }

const updateOf = (body: Static<typeof RunUpdateBody>) => ({
  runId: body.evaluation_run_id.toLowerCase(),
  status: body.updated_status as Parameters<typeof updateRun>[3]['status'],
  patch: body.patch,
  testResults: body.test_results,
  agentLogs: body.agent_logs,
  evalLogs: body.eval_logs,
  errorCode: body.error_code,
  errorMessage: body.error_message,
})

function agentOf(state: Readonly<BitrecsState>, runId: string) {
  const run = state.evaluation.runs.get(runId)
  const evaluation = run && state.evaluation.evaluations.get(run.evaluationId)
  return evaluation && state.agents.get(evaluation.agentId)
}
