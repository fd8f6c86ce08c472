import { flag, integer, optionalText } from './option'

const env = (name: string) => ({ env: `SUBLEDGER_CASTER_${name}`, flag: null })

/** Who may do what on the Caster platform, and how it works with its validators (spec caster §5, §6, §9, §11). */
export const casterOptions = {
  casterAdminToken: optionalText(
    {
      ...env('ADMIN_TOKEN'),
      describe:
        'Token of the operator (X-Admin-Token): data sets, batches, allowlist; without it nobody can.',
      secret: true,
    },
    'TOKEN',
  ),
  casterPlatformKeyUri: optionalText(
    {
      ...env('PLATFORM_KEY_URI'),
      describe:
        'Hotkey that signs calls to validators (seed, mnemonic or //uri), owned by the subnet owner; without it no batch is sent.',
      secret: true,
    },
    'URI',
  ),
  casterStrictRequests: flag(
    {
      ...env('STRICT_REQUESTS'),
      describe:
        'Signed requests need a time and a nonce, in both directions: a captured one is worth nothing.',
    },
    false,
  ),
  casterClockSkewSeconds: integer(
    { ...env('CLOCK_SKEW_SECONDS'), describe: 'How far the time of a signed request may be off (s).' },
    { min: 1, max: 900 },
    300,
  ),
  casterRequestsPerMinute: integer(
    { ...env('REQUESTS_PER_MINUTE'), describe: 'Signed requests that one address may send a minute.' },
    { min: 1, max: 1_000_000 },
    600,
  ),
  casterNeedsAllowlist: flag(
    {
      ...env('NEEDS_ALLOWLIST'),
      describe:
        'Batches, and so their references, go to validators on the allowlist alone; off: to any hotkey that registers an endpoint.',
    },
    true,
  ),
  casterNeedsPermit: flag(
    {
      ...env('NEEDS_PERMIT'),
      describe:
        'Validators need a validator permit of the subnet to register, to be sent batches and to be served weights; off: a uid is enough.',
    },
    true,
  ),
  casterAllowPrivateHosts: flag(
    {
      ...env('ALLOW_PRIVATE_HOSTS'),
      describe: 'Validators may have addresses of this machine or its own network: for tests and the devnet.',
    },
    false,
  ),
  casterBatchSeconds: integer(
    { ...env('BATCH_SECONDS'), describe: 'Time that validators have for a batch unless told otherwise (s).' },
    { min: 1, max: 2_592_000 },
    21_600,
  ),
  casterDeliveryConcurrency: integer(
    { ...env('DELIVERY_CONCURRENCY'), describe: 'Validators that are talked to at the same time.' },
    { min: 1, max: 256 },
    16,
  ),
  casterDeliveryAttempts: integer(
    {
      ...env('DELIVERY_ATTEMPTS'),
      describe: 'Times that a batch is sent to a validator that does not accept it; the pauses double.',
    },
    { min: 1, max: 100 },
    12,
  ),
  casterPollSeconds: integer(
    { ...env('POLL_SECONDS'), describe: 'Pause between two looks at a validator’s progress (s).' },
    { min: 1, max: 86_400 },
    10,
  ),
  casterValidatorTimeoutSeconds: integer(
    {
      ...env('VALIDATOR_TIMEOUT_SECONDS'),
      describe: 'Longest time that a validator may take to answer (s).',
    },
    { min: 1, max: 3_600 },
    60,
  ),
  casterProgressMaxMib: integer(
    { ...env('PROGRESS_MAX_MIB'), describe: 'Longest progress of a validator that is taken (MiB).' },
    { min: 1, max: 512 },
    256,
  ),
} as const
