import { autoresearchOptions } from './autoresearch-options'
import { bitrecsEvaluationOptions } from './bitrecs-evaluation-options'
import { bitrecsOptions } from './bitrecs-options'
import { casterOptions } from './caster-options'
import { engineOptions } from './engine-options'
import { choice, flag, integer, netuids, optionalInteger, optionalText, optionalUrl, text } from './option'

const MAX_HEIGHT_BLOCKS = 2_147_483_647
const MAX_PORT = 65_535
const DAY_MS = 86_400_000

/** Every variable that Subledger reads. The documentation, `.env.example` and `--help` are made from this list. */
export const options = {
  network: choice(
    { env: 'SUBLEDGER_NETWORK', flag: 'network', describe: 'The chain to index. devnet: an embedded one.' },
    ['devnet', 'finney', 'test', 'custom'],
    'devnet',
  ),
  netuids: netuids({
    env: 'SUBLEDGER_NETUIDS',
    flag: 'netuid',
    describe: 'Subnets to index. The devnet indexes 67, 94 and 122 unless told otherwise.',
  }),
  rpcUrl: optionalUrl(
    {
      env: 'SUBLEDGER_RPC_URL',
      flag: 'rpc',
      describe: 'Archive node to read from; sets the network to custom unless one is named.',
    },
    ['ws', 'wss', 'http', 'https'],
  ),
  compareRpcUrl: optionalUrl(
    {
      env: 'SUBLEDGER_COMPARE_RPC_URL',
      flag: 'compare-with',
      describe: 'A second node of another operator: every block must be the same at both, or indexing stops.',
    },
    ['ws', 'wss', 'http', 'https'],
  ),
  gatewayUrl: optionalUrl(
    {
      env: 'SUBLEDGER_GATEWAY_URL',
      flag: 'gateway',
      describe: 'SQD gateway to take old blocks from; the node serves the rest.',
    },
    ['http', 'https'],
  ),
  fromHeight: optionalInteger(
    { env: 'SUBLEDGER_FROM_HEIGHT', flag: 'from', describe: 'First block to index (height). Default: 0.' },
    { min: 0, max: MAX_HEIGHT_BLOCKS },
  ),
  toHeight: optionalInteger(
    {
      env: 'SUBLEDGER_TO_HEIGHT',
      flag: 'to',
      describe: 'Last block to index (height); then end. Default: never.',
    },
    { min: 0, max: MAX_HEIGHT_BLOCKS },
  ),
  databaseUrl: optionalUrl(
    {
      env: 'DATABASE_URL',
      flag: null,
      describe: 'PostgreSQL 15 to 18 to use. Without it an embedded one is started in the data folder.',
      secret: true,
    },
    ['postgres', 'postgresql'],
  ),
  dataDir: text(
    {
      env: 'SUBLEDGER_DATA_DIR',
      flag: 'data-dir',
      describe: 'Folder of the embedded database, the block cache and the checkpoint key.',
    },
    'DIR',
    '.subledger',
  ),
  checkpointKeyFile: optionalText(
    {
      env: 'SUBLEDGER_CHECKPOINT_KEY_FILE',
      flag: 'checkpoint-key',
      describe: 'Ed25519 private key (PEM) that signs checkpoints. Default: made once in the data folder.',
    },
    'FILE',
  ),
  readAhead: flag(
    {
      env: 'SUBLEDGER_READ_AHEAD',
      flag: 'read-ahead',
      describe: 'Fetch blocks ahead in parallel and keep finalized ones on disk.',
    },
    true,
  ),
  readAheadMemoryMib: integer(
    {
      env: 'SUBLEDGER_READ_AHEAD_MEMORY_MIB',
      flag: 'read-ahead-memory',
      describe: 'Memory for blocks fetched ahead (MiB).',
    },
    { min: 8, max: 4096 },
    64,
  ),
  blockCacheMib: integer(
    {
      env: 'SUBLEDGER_BLOCK_CACHE_MIB',
      flag: 'block-cache',
      describe: 'Disk space for cached finalized blocks (MiB); 0 keeps none.',
    },
    { min: 0, max: 16_777_216 },
    4096,
  ),
  apiHost: text(
    { env: 'SUBLEDGER_API_HOST', flag: 'host', describe: 'Address the API listens on.' },
    'HOST',
    '127.0.0.1',
  ),
  apiPort: integer(
    { env: 'SUBLEDGER_API_PORT', flag: 'port', describe: 'Port the API listens on; 0 picks a free one.' },
    { min: 0, max: MAX_PORT },
    4350,
  ),
  apiPoolConnections: integer(
    { env: 'SUBLEDGER_API_POOL_CONNECTIONS', flag: 'pool', describe: 'Database connections of the API.' },
    { min: 1, max: 200 },
    10,
  ),
  statementTimeoutMs: integer(
    {
      env: 'SUBLEDGER_STATEMENT_TIMEOUT_MS',
      flag: 'statement-timeout',
      describe: 'Longest time one statement of the API may take (ms).',
    },
    { min: 10, max: 600_000 },
    5000,
  ),
  readyLagBlocks: integer(
    {
      env: 'SUBLEDGER_READY_LAG_BLOCKS',
      flag: 'ready-lag',
      describe: '/readyz answers 503 when the database is more than this behind the finalized head (blocks).',
    },
    { min: 0, max: MAX_HEIGHT_BLOCKS },
    50,
  ),
  maxDepth: integer(
    { env: 'SUBLEDGER_GRAPHQL_MAX_DEPTH', flag: 'max-depth', describe: 'Deepest GraphQL query (levels).' },
    { min: 3, max: 100 },
    12,
  ),
  maxCost: integer(
    {
      env: 'SUBLEDGER_GRAPHQL_MAX_COST',
      flag: 'max-cost',
      describe: 'Dearest GraphQL query (points; a field is 1, a connection multiplies by its page size).',
    },
    { min: 100, max: 10_000_000 },
    50_000,
  ),
  maxTokens: integer(
    { env: 'SUBLEDGER_GRAPHQL_MAX_TOKENS', flag: 'max-tokens', describe: 'Longest GraphQL query (tokens).' },
    { min: 100, max: 1_000_000 },
    2000,
  ),
  maxPageRows: integer(
    {
      env: 'SUBLEDGER_GRAPHQL_MAX_PAGE_ROWS',
      flag: 'max-page',
      describe: 'Largest page of a connection (rows).',
    },
    { min: 1, max: 10_000 },
    200,
  ),
  logLevel: choice(
    { env: 'SUBLEDGER_LOG_LEVEL', flag: 'log-level', describe: 'Least severe messages that are logged.' },
    ['debug', 'info', 'warn', 'error', 'silent'],
    'warn',
  ),
  devnetSeed: integer(
    {
      env: 'SUBLEDGER_DEVNET_SEED',
      flag: 'devnet-seed',
      describe: 'The devnet is the same, block by block, for the same seed.',
    },
    { min: 1, max: 2_147_483_647 },
    1,
  ),
  devnetPort: integer(
    {
      env: 'SUBLEDGER_DEVNET_PORT',
      flag: 'devnet-port',
      describe: 'JSON-RPC port of the devnet; 0 picks one.',
    },
    { min: 0, max: MAX_PORT },
    9944,
  ),
  devnetBlockTimeMs: integer(
    {
      env: 'SUBLEDGER_DEVNET_BLOCK_TIME_MS',
      flag: 'devnet-block-time',
      describe: 'Time between devnet blocks (ms).',
    },
    { min: 50, max: DAY_MS },
    3000,
  ),
  devnetLatencyMs: integer(
    {
      env: 'SUBLEDGER_DEVNET_LATENCY_MS',
      flag: 'devnet-latency',
      describe: 'Delay of each devnet answer (ms).',
    },
    { min: 0, max: 60_000 },
    0,
  ),
  devnetFinalityLagBlocks: integer(
    {
      env: 'SUBLEDGER_DEVNET_FINALITY_LAG_BLOCKS',
      flag: 'devnet-finality-lag',
      describe: 'How far the devnet finalizes behind its head (blocks).',
    },
    { min: 0, max: 1000 },
    3,
  ),
  devnetPlayers: flag(
    {
      env: 'SUBLEDGER_DEVNET_PLAYERS',
      flag: 'devnet-players',
      describe: 'Let the devnet’s miners and validators submit to and evaluate on the platforms.',
    },
    true,
  ),
  ...engineOptions,
  ...bitrecsOptions,
  ...bitrecsEvaluationOptions,
  ...autoresearchOptions,
  ...casterOptions,
} as const
