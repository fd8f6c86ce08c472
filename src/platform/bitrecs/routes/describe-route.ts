import type { RouteOptions } from 'fastify'
import { Refused } from './shapes'

/** What each route of the validators does, in a line; routes of miners and of the operator say it themselves. */
const summaries: Readonly<Record<string, string>> = {
  '/admin/evaluation-sets': 'Begin a new evaluation set: the contest starts anew',
  '/agent/get-by-evaluation-run-id': 'The artifact that a run evaluates, prompts included',
  '/validator/register-as-validator': 'Open a session of a whitelisted validator hotkey',
  '/validator/register-as-screener': 'Open a session of a screener',
  '/validator/heartbeat': 'Keep a session open',
  '/validator/request-evaluation': 'Take the next artifact of the queue',
  '/validator/update-evaluation-run': 'Move a run to its next status',
  '/validator/finish-evaluation': 'End the evaluation; its score moves the artifact on',
  '/validator/disconnect': 'Close the session; its open runs end with an error',
  '/validator/connected-validators-info': 'Sessions that are open, and what they evaluate',
  '/inference/estimate-cost': 'Price of so many tokens of a model (USD)',
  '/inference/report-cost': 'Record what an inference has cost',
  '/scoring/weight-set': 'Record what a validator says it has set',
  '/backup/upload-request': 'A URL that a validator may put its score file to',
  '/backup/scores/:hotkey/:expires/:token': 'Keep a copy of a validator’s score file',
  '/scores/upload': 'Record scores that a validator signed',
}

/** Answers that any request may get before its command is looked at. */
const COMMON = [422, 429, 500, 503]
/** Open to everyone; the others need a key or a token. */
const KEYLESS = ['/submit', '/check']

/** For `onRoute`: a summary, and the answers that come from the frame. */
export function describeRoute(route: RouteOptions): void {
  const schema = route.schema ?? {}
  if (schema.hide) return
  const statuses = KEYLESS.includes(route.url) ? COMMON : [401, ...COMMON]
  const common = Object.fromEntries(statuses.map((status) => [status, Refused]))
  const response = { ...common, ...(schema.response as object | undefined) }
  const summary = schema.summary ?? summaries[route.url]
  route.schema = { ...schema, ...(summary && { summary }), response }
}
