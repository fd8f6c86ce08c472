import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../config/config'
import { evolve, initialState } from '../evolve'
import type { BitrecsState } from '../state'
import { minerOf } from '../test/test-miner'
import { parseArtifact } from './artifact'
import type { CheckContext, Findings } from './context'
import { decideSubmit } from './decide'
import { firstRefusal } from './examine'
import { denied, faulty, found, missed } from './refusal'
import { type SubmissionRules, submissionRules } from './rules'
import { checkSteps, type Step, submitSteps } from './steps'
import { unitVector } from './vector-text'

const NOW_MS = 1_763_000_200_000
const miner = minerOf('alice', { nowMs: NOW_MS })
const account = miner.signer.account
const usual = submissionRules(
  { ...readConfig({}, {}), bitrecsNumEvalsPerAgent: 0, bitrecsArtifactsPerInterval: 1 },
  122,
)
const gist = {
  ...miner.gist,
  id: miner.gist.gistId,
  createdAtMs: NOW_MS,
  commits: 1,
  sha256: '0'.repeat(64),
}
const good: Findings = {
  transportSigned: true,
  submissionSigned: true,
  gist: found(gist),
  artifact: parseArtifact(miner.gist.content),
  rulesKept: found(true),
  registration: { uid: 5, hotkey: account, coldkey: null, registeredAt: 1 },
  providerKey: found(true),
  commitment: found({
    reveal: { height: 8, commitHeight: 6, wasTimelocked: true, content: '0x', text: 'a:b', seq: 3 },
    proof: null,
  }),
  textSha256: 'a'.repeat(64),
  placed: { model: 'm', vector: unitVector([1, 0]) },
}

type Context = {
  -readonly [K in keyof CheckContext]: CheckContext[K]
} & { found: Findings; rules: SubmissionRules }

/** Everything as it should be; each fault breaks one thing of it. */
function context(command: 'submit' | 'check', faults: readonly Fault[]): Context {
  const made: Context = {
    state: initialState(122),
    nowMs: NOW_MS,
    rules: { ...usual },
    found: { ...good },
    incoming: {
      command,
      submission: miner.submission,
      transport: {
        signature: '',
        timestamp: String(NOW_MS / 1000),
        nonce: 'n',
        tNonce: 't',
        openRouterKey: null,
      },
      account,
      arrivedMs: NOW_MS,
      requestId: '0'.repeat(32),
      agentId: '00000000-0000-4000-8000-000000000000',
    },
  }
  for (const { breaks } of faults) breaks(made)
  return made
}

interface Fault {
  readonly code: string
  readonly status: number
  breaks(context: Context): void
}

const fault = (status: number, code: string, breaks: Fault['breaks']): Fault => ({ status, code, breaks })
const finding = (code: string, over: (found: Findings) => void) => fault(400, code, (c) => over(c.found))

/** An earlier submission of this very miner. */
function accepted(state: BitrecsState, hotkey: string, gistId: string): void {
  const other = { ...context('submit', []).incoming, account: hotkey as `0x${string}` }
  const first = { incoming: other, found: { ...good, gist: found({ ...gist, id: gistId }) }, stopped: null }
  const moment = { height: 1, blockHash: '0x' as const, blockTime: 1, subnetInstance: 1, timeMs: NOW_MS }
  const { events } = decideSubmit(first, usual)(initialState(122), moment)
  for (const event of events) evolve(state, { ...event, height: 1, blockTime: 1 })
  state.recentMs.length = 0
  state.nonces.clear()
}
const changed = (c: Context, over: Partial<Context['incoming']>) => {
  c.incoming = { ...c.incoming, ...over }
}

/** The rows of spec §2.4 in their order, 5a the nonce, 9a–9c the gist's own rules. */
const FAULTS = {
  uploads: fault(503, 'uploads_disallowed', (c) => {
    c.rules = { ...c.rules, uploadsDisallowed: 'closed' }
  }),
  closed: fault(503, 'submissions_disabled', (c) => {
    Object.assign(c.state, { submissions: { enabled: false, reason: '' } })
  }),
  validators: fault(503, 'too_few_validators', (c) => {
    c.rules = { ...c.rules, validatorsNeeded: 3 }
  }),
  interval: fault(429, 'interval_full', (c) => void c.state.recentMs.push(NOW_MS)),
  timestamp: fault(400, 'timestamp_invalid', (c) =>
    changed(c, { transport: { ...c.incoming.transport!, timestamp: 'x' } }),
  ),
  transport: finding('transport_signature_invalid', (f) => {
    f.transportSigned = false
  }),
  nonce: fault(400, 'nonce_used', (c) => void c.state.nonces.set(`${account}:n`, NOW_MS)),
  submission: finding('submission_signature_invalid', (f) => {
    f.submissionSigned = false
  }),
  form: fault(400, 'hotkey_invalid', (c) =>
    changed(c, { submission: { ...c.incoming.submission, hotkey: 'nobody' } }),
  ),
  validator: fault(400, 'hotkey_is_validator', (c) => {
    c.rules = { ...c.rules, validators: new Set([account]) }
  }),
  gist: finding('gist_edited', (f) => {
    f.gist = found({ ...gist, commits: 2, createdAt: '2026-01-01T00:00:00+00:00' })
  }),
  artifact: finding('agent_id_set', (f) => {
    f.artifact = missed(faulty('agent_id_set', 'x'))
  }),
  rules: finding('template_name', (f) => {
    f.rulesKept = missed(faulty('template_name', 'x'))
  }),
  createdAt: finding('created_at_mismatch', (f) => {
    f.gist = found({ ...gist, createdAt: '2026-01-01T00:00:00+00:00' })
  }),
  hotkey: finding('hotkey_mismatch', (f) => {
    if (f.artifact?.ok) f.artifact = found({ ...f.artifact.value, miner_hotkey: 'other' })
  }),
  used: fault(400, 'hotkey_used', (c) => accepted(c.state, account, 'other')),
  gistUsed: fault(400, 'gist_used', (c) => accepted(c.state, `0x${'9'.repeat(64)}`, gist.id)),
  banned: fault(403, 'hotkey_banned', (c) => void c.state.bans.set(account, { reason: 'x', atMs: 1 })),
  registration: finding('hotkey_not_registered', (f) => {
    f.registration = null
  }),
  key: finding('provider_key_missing', (f) => {
    f.providerKey = missed(denied(400, 'provider_key_missing', 'x'))
  }),
  commitment: finding('commitment_missing', (f) => {
    f.commitment = missed(faulty('commitment_missing', 'x'))
  }),
  uid: finding('uid_invalid', (f) => {
    f.registration = f.registration === null ? null : { ...good.registration!, uid: 0 }
  }),
  similar: fault(409, 'duplicate', (c) => void c.state.byText.set(good.textSha256!, 'earlier')),
}

const { uploads, closed, validators, interval, timestamp, transport, nonce, submission, form } = FAULTS
const { validator, gist: badGist, artifact, rules, createdAt, hotkey, used, gistUsed } = FAULTS
const { banned, registration, key, commitment, uid, similar } = FAULTS
const open = [uploads, closed, validators, interval]
const content = [badGist, artifact, rules, createdAt, hotkey]
const who = [used, gistUsed, banned, registration]

const ORDERS: readonly (readonly [
  command: 'submit' | 'check',
  steps: readonly Step[],
  faults: readonly Fault[],
])[] = [
  [
    'submit',
    submitSteps,
    [
      ...open,
      timestamp,
      transport,
      nonce,
      submission,
      validator,
      ...content,
      ...who,
      key,
      commitment,
      uid,
      similar,
    ],
  ],
  ['check', checkSteps, [...open, submission, form, validator, ...who, ...content, similar]],
]

describe('of many faults the first one is answered, in the order of the specification (§2.4)', () => {
  for (const [command, steps, faults] of ORDERS) {
    it.each(faults.map(({ code }, n) => [n, code] as const))(
      `/${command}, %i: %s hides all behind it`,
      (n, code) => {
        // Later ones first: where two break the same thing, the earlier one's way is what counts.
        const broken = context(command, faults.slice(n).reverse())
        const { found, incoming, state, nowMs, rules } = broken
        const refusal = firstRefusal(steps, { found, incoming, stopped: null }, { state, nowMs, rules })
        expect(refusal).toMatchObject({ code, status: faults[n]!.status })
      },
    )

    it(`/${command}: with none of them nothing is refused`, () => {
      const { found, incoming, state, nowMs, rules } = context(command, [])
      expect(firstRefusal(steps, { found, incoming, stopped: null }, { state, nowMs, rules })).toBeNull()
    })
  }
})
