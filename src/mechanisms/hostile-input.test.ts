import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LedgerError } from '../errors/ledger-error'
import { decideAutoresearch } from './decide-autoresearch'
import { decideBitrecs } from './decide-bitrecs'
import { decideCaster } from './decide-caster'
import { proveClaims } from './prove-claims'

const seed = Number(process.env.SUBLEDGER_TEST_SEED ?? 20_261_120)
const hash = `0x${'ab'.repeat(32)}`
const address = `0x${'cd'.repeat(20)}`

/** One good input of every rule; the test breaks them one value at a time. */
const GOOD: Record<string, unknown[]> = {
  bitrecs: [
    {
      rows: [{ hotkey: 'hk', uid: 5, task_name: 'a', score: 0.6, sample_size: 5 }],
      miner_first_blocks_by_hotkey: { hk: 1000 },
      current_block: null,
      emission_portion: 0.1,
      subset_scheme: 'exponential',
      set_weights: true,
    },
    { scores: { 1: { a: 0.5 } }, first_blocks: { 1: 5 }, subset: ['a'], samples: 50 },
    { portion: 0.1, first_block: 1, current_block: 2, winner_uid: 3 },
    { scores: [0.5], n_samples: 5 },
    { a: [0.1], b: [0.2], eps: [0.05] },
    { prior_score: 0.5, sample_count: 5 },
    { first_block: 1, current_block: 2 },
    { n_envs: 3 },
    { scores: { 1: 1 }, args: { temperature: 1 } },
  ],
  autoresearch: [
    { method: 'GET', path: '/x', query: '', timestamp: 1, body_json: { a: [1, 'x', null] } },
    { leaf: hash, proof: [hash], root: hash },
    { mode: 'targets', snapshot_targets: [{ uid: 0, weight: 1 }], metagraph: { 0: 'A', size: 2 } },
    { current_block: 1, last_update: 0, epoch_length: 1, weights_rate_limit: 1 },
    { incumbent_ppl: 8, candidate_ppl: 7, incumbent_bytes: 1, candidate_bytes: 1 },
    { min: 2, sequence: [{ e: 'P', s: 'accepted', m: 1 }] },
    { sequence: [{ epoch: 1, hotkey: 'H', amount: '5', min_transfer: '1' }] },
    { paths: ['a.py'], bytes: 5, allowed_patch_paths: ['*.py'], max_patch_bytes: 9 },
    { result_json: { x: 1 }, metric_name: 'x' },
    { created_at: '2026-01-01T00:00:00Z', cases: [{ at: '2026-01-01T00:01:00Z', action: 'submit' }] },
    { budget: '100', competitions: [{ slug: 'a', weight: 1 }] },
    { claims: [{ account: address, amount: '5', epoch: 1, offchain_lane_id: hash, reward_hash: hash }] },
  ],
  caster: [
    { before: ['A', null, null], challenger: 'B', beats_top1: true },
    { order: ['B'], scores: { A: 1, B: 2 }, margin: 0 },
    { roster: ['A'], uids: { A: 1 }, shares: [1], policy: 'redirect_to_burn' },
    { miner_verdict: 1, reference_verdict: 1, support_ok: true },
    { values: [-1, 1] },
    {
      receipts: {
        r: {
          session: 'S',
          tool: 'search_web',
          policy: 'referenceable',
          results: { a: { url: 'u', note: 'n' } },
        },
      },
      citations: [{ receipt_id: 'r', result_id: 'a' }],
      session: 'S',
    },
    { method: 'GET', path_qs: '/', body: '' },
    {
      sequence: [{ call: 'x', cost: 0.001 }],
      llm_costs: [{ model: 'openai/gpt-oss-20b', prompt: 1, completion: 1, reasoning: 1 }],
      receipt_hashes: { request: {}, response: {} },
    },
    { registered_at: '2026-01-01T00:00:00Z', asked_at: '2026-01-02T00:00:00Z', last_success_at: null },
    { incumbent: [1, 1, 1], challenger: [1, 1, 1] },
    { input: { 1: 1 } },
    { last_update: 1, block: 2 },
    { validators: { V: { A: { t: 1 } } } },
    { reference: [1], champion: [1] },
  ],
  claims: [
    { epoch: 1, offchain_lane_id: hash, claims: [{ account: address, amount: '5', reward_hash: hash }] },
  ],
}

const RUN: Record<string, (input: unknown) => unknown> = {
  bitrecs: (input) => decideBitrecs(input, 'eps_narrow'),
  autoresearch: decideAutoresearch,
  caster: decideCaster,
  claims: (input) => proveClaims(input, 'emission'),
}

/** Every place in a value, as a path of keys. */
function placesIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))]
}

function replaceAt(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return replacement
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>
  copy[key] = replaceAt(copy[key], rest, replacement)
  return copy
}

function leaveOut(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path
  if (Array.isArray(value))
    return value.flatMap((inner, i) =>
      `${i}` !== key ? [inner] : rest.length > 0 ? [leaveOut(inner, rest)] : [],
    )
  const entries = Object.entries(value as object).flatMap(([name, inner]) =>
    name !== key ? [[name, inner]] : rest.length > 0 ? [[name, leaveOut(inner, rest)]] : [],
  )
  return Object.fromEntries(entries)
}

/** Any result is fine, and so is a refusal with a code; a crash is not. */
function survives(run: (input: unknown) => unknown, input: unknown): void {
  try {
    run(input)
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    expect(error.code).toMatch(/^SL-/)
  }
}

const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    'NaN',
    -1,
    0,
    1e308,
    -0.5,
    2 ** 53,
    [],
    {},
    true,
    '0x',
    '../..',
    'constructor',
    '__proto__',
    '9'.repeat(90),
  ),
  fc.jsonValue({ maxDepth: 2 }),
)

describe.each(Object.keys(GOOD))('%s', (name) => {
  const run = RUN[name]!

  it('accepts the good inputs that the test starts from', () => {
    for (const input of GOOD[name]!) expect(() => run(input), JSON.stringify(input)).not.toThrow()
  })

  it(`answers or refuses with a code, whatever one value is replaced by (seed ${seed})`, () => {
    const place = fc.constantFrom(
      ...GOOD[name]!.flatMap((input) => placesIn(input).map((path) => ({ input, path }))),
    )
    fc.assert(
      fc.property(place, hostile, ({ input, path }, replacement) =>
        survives(run, replaceAt(input, path, replacement)),
      ),
      { seed, numRuns: 4000 },
    )
  })

  it('answers or refuses with a code, whatever one value is left out', () => {
    for (const input of GOOD[name]!) {
      for (const path of placesIn(input)) {
        if (path.length === 0) continue
        const poorer = leaveOut(input, path)
        expect(() => survives(run, poorer), JSON.stringify(poorer)).not.toThrow()
      }
    }
  })

  it(`answers or refuses with a code on any JSON (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => survives(run, input)),
      { seed, numRuns: 500 },
    )
  })
})
