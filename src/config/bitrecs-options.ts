import { choice, flag, integer, optionalText, text, url } from './option'

const DAY_SECONDS = 86_400
const HTTP = ['http', 'https'] as const
const env = (name: string) => ({ env: `SUBLEDGER_BITRECS_${name}`, flag: null })

/** What the Bitrecs platform takes from its surroundings. */
export const bitrecsOptions = {
  bitrecsGistApiUrl: url(
    { ...env('GIST_API_URL'), describe: 'Where Bitrecs gists are asked for: the GitHub REST API.' },
    HTTP,
    'https://api.github.com',
  ),
  bitrecsGistRawUrl: url(
    { ...env('GIST_RAW_URL'), describe: 'Where the raw content of a gist at a commit is fetched.' },
    HTTP,
    'https://gist.githubusercontent.com',
  ),
  bitrecsGithubToken: optionalText(
    {
      ...env('GITHUB_TOKEN'),
      describe: 'Token for the GitHub API: without one it answers 60 requests an hour.',
      secret: true,
    },
    'TOKEN',
  ),
  bitrecsGistTimeoutMs: integer(
    { ...env('GIST_TIMEOUT_MS'), describe: 'Longest time one answer of the gist host may take (ms).' },
    { min: 50, max: 60_000 },
    10_000,
  ),
  bitrecsGistMaxAgeSeconds: integer(
    { ...env('GIST_MAX_AGE_SECONDS'), describe: 'Oldest gist that may be submitted (s); 0: any age.' },
    { min: 0, max: 3650 * DAY_SECONDS },
    DAY_SECONDS,
  ),
  bitrecsClientVersions: text(
    {
      ...env('CLIENT_VERSIONS'),
      describe: 'Versions of the miner program whose transport signatures are taken, separated by commas.',
    },
    'X.Y.Z[,…]',
    '2.0.0',
  ),
  bitrecsProviders: text(
    { ...env('PROVIDERS'), describe: 'Inference providers that an artifact may name, separated by commas.' },
    'NAME[,…]',
    'CHUTES,OPEN_ROUTER',
  ),
  bitrecsUnknownVariables: choice(
    {
      ...env('UNKNOWN_VARIABLES'),
      describe: 'A template variable that no harness fills in: allow (it renders empty) or refuse.',
    },
    ['allow', 'refuse'],
    'allow',
  ),
  bitrecsDisallowUploads: flag(
    { ...env('DISALLOW_UPLOADS'), describe: 'Answer every submission with 503 and the reason below.' },
    false,
  ),
  bitrecsDisallowUploadsReason: text(
    { ...env('DISALLOW_UPLOADS_REASON'), describe: 'What miners are told while uploads are not allowed.' },
    'TEXT',
    'Uploads are disabled at the moment.',
  ),
  bitrecsNumEvalsPerAgent: integer(
    {
      ...env('NUM_EVALS_PER_AGENT'),
      describe: 'Validator evaluations that an artifact needs, and validators that must be connected.',
    },
    { min: 0, max: 64 },
    3,
  ),
  bitrecsArtifactsPerInterval: integer(
    { ...env('ARTIFACTS_PER_INTERVAL'), describe: 'New artifacts of all miners within an interval.' },
    { min: 0, max: 1_000_000 },
    50,
  ),
  bitrecsIntervalSeconds: integer(
    { ...env('INTERVAL_SECONDS'), describe: 'Length of that interval (s).' },
    { min: 1, max: 7 * DAY_SECONDS },
    DAY_SECONDS,
  ),
  bitrecsSubmitsPerMinute: integer(
    { ...env('SUBMITS_PER_MINUTE'), describe: 'Requests to /submit and to /check of one address a minute.' },
    { min: 1, max: 10_000_000 },
    30,
  ),
  bitrecsCommitmentAttempts: integer(
    { ...env('COMMITMENT_ATTEMPTS'), describe: 'Looks for the commitment of a submission in our own log.' },
    { min: 1, max: 20 },
    5,
  ),
  bitrecsCommitmentPauseMs: integer(
    { ...env('COMMITMENT_PAUSE_MS'), describe: 'Pause between two of them (ms).' },
    { min: 1, max: 60_000 },
    6000,
  ),
  bitrecsOpenRouterUrl: url(
    { ...env('OPENROUTER_URL'), describe: 'OpenRouter API against which the key of a miner is checked.' },
    HTTP,
    'https://openrouter.ai/api/v1',
  ),
  bitrecsEmbedder: choice(
    {
      ...env('EMBEDDER'),
      describe:
        'Embeddings for the similarity check: local (deterministic, no network) or http (OpenAI API).',
    },
    ['local', 'http'],
    'local',
  ),
  bitrecsEmbedderUrl: url(
    { ...env('EMBEDDER_URL'), describe: 'OpenAI-compatible API of the http embedder (…/embeddings).' },
    HTTP,
    'https://openrouter.ai/api/v1',
  ),
  bitrecsEmbedderKey: optionalText(
    { ...env('EMBEDDER_KEY'), describe: 'Key of the http embedder.', secret: true },
    'KEY',
  ),
  bitrecsEmbedderModel: text(
    { ...env('EMBEDDER_MODEL'), describe: 'Model of the http embedder.' },
    'NAME',
    'qwen/qwen3-embedding-8b',
  ),
  bitrecsSimilarityPpm: integer(
    {
      ...env('SIMILARITY_PPM'),
      describe: 'An artifact nearer than this to an earlier one is refused (1 − cosine, millionths).',
    },
    { min: 0, max: 1_000_000 },
    100,
  ),
  bitrecsSimilarityOnError: choice(
    {
      ...env('SIMILARITY_ON_ERROR'),
      describe: 'When the embedder fails: closed refuses the submission (503), open lets it pass unchecked.',
    },
    ['closed', 'open'],
    'closed',
  ),
  bitrecsAdminToken: optionalText(
    {
      ...env('ADMIN_TOKEN'),
      describe: 'Value of X-Admin-Token for the commands of the operator; without it they are refused.',
      secret: true,
    },
    'TOKEN',
  ),
  bitrecsApiKeys: optionalText(
    {
      ...env('API_KEYS'),
      describe: 'Values of X-API-Key that validators and screeners use, separated by commas.',
      secret: true,
    },
    'KEY[,…]',
  ),
  bitrecsValidators: text(
    {
      ...env('VALIDATORS'),
      describe: 'Hotkeys (SS58) that may register as validators and may not submit, separated by commas.',
    },
    'SS58[,…]',
    '',
  ),
} as const
