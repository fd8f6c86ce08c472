import { choice, flag, integer, optionalText, text } from './option'

const env = (name: string) => ({ env: `SUBLEDGER_BITRECS_${name}`, flag: null })
const PERMILLE = { min: 0, max: 1_000 }

/** What screening and evaluation take from their surroundings (spec bitrecs §3, §5.8). */
export const bitrecsEvaluationOptions = {
  bitrecsScreenerPassword: optionalText(
    {
      ...env('SCREENER_PASSWORD'),
      describe: 'Password that screeners register with; without it none can.',
      secret: true,
    },
    'PASSWORD',
  ),
  bitrecsScreener1Permille: integer(
    { ...env('SCREENER_1_PERMILLE'), describe: 'Score that passes the first screening (thousandths).' },
    PERMILLE,
    300,
  ),
  bitrecsScreener2Permille: integer(
    { ...env('SCREENER_2_PERMILLE'), describe: 'Score that passes the second screening (thousandths).' },
    PERMILLE,
    400,
  ),
  bitrecsPrunePermille: integer(
    {
      ...env('PRUNE_PERMILLE'),
      describe: 'Part of the best final score that the second screening needs too (thousandths).',
    },
    PERMILLE,
    900,
  ),
  bitrecsMaxScreener2Attempts: integer(
    {
      ...env('MAX_SCREENER_2_ATTEMPTS'),
      describe: 'Failed second screenings after which an artifact is out.',
    },
    { min: 1, max: 1_000 },
    3,
  ),
  bitrecsHeartbeatTimeoutSeconds: integer(
    { ...env('HEARTBEAT_TIMEOUT_SECONDS'), describe: 'Silence after which a session is closed (s).' },
    { min: 1, max: 86_400 },
    120,
  ),
  bitrecsRunningAgentSeconds: integer(
    { ...env('RUNNING_AGENT_SECONDS'), describe: 'Time that a node is told an agent may run (s).' },
    { min: 1, max: 86_400 },
    2_400,
  ),
  bitrecsRunningEvalSeconds: integer(
    { ...env('RUNNING_EVAL_SECONDS'), describe: 'Time that a node is told an evaluation may run (s).' },
    { min: 1, max: 86_400 },
    600,
  ),
  bitrecsRunLogMaxBytes: integer(
    { ...env('RUN_LOG_MAX_BYTES'), describe: 'Longest log of a run that is taken (bytes).' },
    { min: 1_000, max: 1_000_000 },
    500_000,
  ),
  bitrecsDropSessionOnError: flag(
    {
      ...env('DROP_SESSION_ON_ERROR'),
      describe: 'End a node’s session, and its open runs, upon any refused step, as the reference does.',
    },
    true,
  ),
  bitrecsScoreSource: choice(
    {
      ...env('SCORE_SOURCE'),
      describe: 'Which scores count: those of finished runs, or those that validators upload signed.',
    },
    ['runs', 'uploads', 'both'],
    'both',
  ),
  bitrecsPrices: text(
    {
      ...env('PRICES'),
      describe: 'USD per million input and output tokens: PROVIDER/model=in/out, separated by commas.',
    },
    'LIST',
    '',
  ),
} as const
