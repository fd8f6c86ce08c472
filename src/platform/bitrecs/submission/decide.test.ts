import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../config/config'
import type { Moment } from '../../core/decider'
import type { PlatformDraft } from '../../core/platform-event'
import { evolve, initialState } from '../evolve'
import type { BitrecsState } from '../state'
import { type Miner, minerOf } from '../test/test-miner'
import { parseArtifact } from './artifact'
import { judgeCommitment } from './commitment'
import type { Findings, Incoming } from './context'
import { decideCheck, decideSubmit } from './decide'
import type { Examined } from './examine'
import { denied, found } from './refusal'
import { submissionRules } from './rules'
import { unitVector } from './vector-text'

const NOW_MS = 1_763_000_200_000
const moment: Moment = {
  height: 100,
  blockHash: `0x${'ab'.repeat(32)}`,
  blockTime: NOW_MS,
  subnetInstance: 1,
  timeMs: NOW_MS,
}
const rules = submissionRules(
  { ...readConfig({}, {}), bitrecsNumEvalsPerAgent: 0, bitrecsArtifactsPerInterval: 2 },
  122,
)
const given = (...events: readonly PlatformDraft[]): BitrecsState => {
  const state = initialState(122)
  for (const event of events) evolve(state, { ...event, height: 1, blockTime: 1 })
  return state
}
const then = (examined: Examined, state: BitrecsState) => decideSubmit(examined, rules)(state, moment)
const types = (events: readonly PlatformDraft[]) => events.map(({ type }) => type)

let agents = 0
/** Everything was looked up and nothing was wrong. */
function passed(miner: Miner, over: Partial<Findings> = {}, nonce = 'n'): Examined {
  const artifact = parseArtifact(miner.gist.content)
  const incoming: Incoming = {
    command: 'submit',
    submission: miner.submission,
    transport: { signature: '', timestamp: String(NOW_MS / 1000), nonce, tNonce: 't', openRouterKey: null },
    account: miner.signer.account,
    arrivedMs: NOW_MS,
    requestId: '0'.repeat(32),
    agentId: `00000000-0000-4000-8000-${String(agents++).padStart(12, '0')}`,
  }
  const reveal = { height: 8, commitHeight: 6, wasTimelocked: true, content: '0x', text: 'a:b', seq: 3 }
  const gist = {
    ...miner.gist,
    id: miner.gist.gistId,
    createdAtMs: NOW_MS,
    commits: 1,
    sha256: '0'.repeat(64),
  }
  return {
    incoming,
    stopped: null,
    found: {
      transportSigned: true,
      submissionSigned: true,
      gist: found(gist),
      artifact,
      rulesKept: found(true),
      registration: { uid: 5, hotkey: miner.signer.account, coldkey: null, registeredAt: 1 },
      providerKey: found(true),
      commitment: found({ reveal, proof: null }),
      textSha256: agents.toString(16).padStart(64, '0'),
      placed: null,
      ...over,
    },
  }
}
const alice = minerOf('alice', { nowMs: NOW_MS })
const bob = minerOf('bob', { nowMs: NOW_MS })
const open = { placed: { model: 'm', vector: unitVector([1, 0]) } }
const elsewhere = { placed: { model: 'm', vector: unitVector([0, 1]) } }

describe('the decision about a submission', () => {
  it('given nothing, accepts, and keeps the content', () => {
    const { events, blobs, reply } = then(passed(alice, open), given())
    expect(types(events)).toEqual(['BitrecsNonceUsed', 'BitrecsAgentSubmitted', 'BitrecsAgentEmbedded'])
    expect(Buffer.from(blobs![0]!.bytes).toString()).toBe(alice.gist.content)
    expect(reply).toMatchObject({ status: 201, body: { similarity_check: 'enabled' } })
  })

  it('given the hotkey was taken while things were looked up, refuses', () => {
    const taken = given(...then(passed(alice, open), given()).events)
    const { events, reply } = then(passed(alice, elsewhere, 'another'), taken)
    expect(reply).toMatchObject({ status: 400, body: { code: 'hotkey_used' } })
    expect(types(events)).toEqual(['BitrecsNonceUsed', 'CommandRefused'])
  })

  it('given the very request was decided before, refuses and uses no nonce again', () => {
    const before = given(...then(passed(alice, open), given()).events)
    const { events, reply } = then(passed(alice, open), before)
    expect(reply.body.code).toBe('nonce_used')
    expect(types(events)).toEqual(['CommandRefused'])
  })

  it('given a ban or a closed platform since, refuses', () => {
    const { account: hotkey } = passed(alice).incoming as { account: string }
    const ban: PlatformDraft = { type: 'BitrecsHotkeyBanned', payload: { hotkey, reason: 'r', at: 1 } }
    expect(then(passed(alice, open), given(ban)).reply.body.code).toBe('hotkey_banned')
    const closed: PlatformDraft = {
      type: 'BitrecsSubmissionsSwitched',
      payload: { enabled: false, reason: 'r', at: 1 },
    }
    expect(then(passed(alice, open), given(closed)).reply.body.code).toBe('submissions_disabled')
  })

  it('given two in the interval, refuses a third; what lies before the interval does not count', () => {
    const carol = minerOf('carol', { nowMs: NOW_MS })
    const beside = { placed: { model: 'm', vector: unitVector([1, 1]) } }
    const state = given(
      ...then(passed(alice, open), given()).events,
      ...then(passed(bob, elsewhere), given()).events,
    )
    expect(then(passed(carol, beside), state).reply).toMatchObject({ status: 429 })
    const later = { ...moment, timeMs: NOW_MS + rules.intervalMs }
    expect(decideSubmit(passed(carol, beside), rules)(state, later).reply.status).toBe(201)
  })

  it('given a near one was accepted since, refuses with it', () => {
    const state = given(...then(passed(alice, open), given()).events)
    const near = { placed: { model: 'm', vector: unitVector([1, 0.001]) } }
    expect(then(passed(bob, near), state).reply).toMatchObject({ status: 409, body: { code: 'too_similar' } })
  })

  it('what failed on the way stays refused, even if it would pass by now', () => {
    const stopped = { at: 3, refusal: denied(429, 'interval_full', 'full') }
    const examined = { ...passed(alice), found: {}, stopped }
    const { events, reply } = then(examined, given())
    expect(reply).toEqual({ status: 429, body: { detail: 'full', code: 'interval_full' } })
    expect(types(events)).toEqual(['CommandRefused'])
    expect(events[0]!.actor).toBeUndefined()
  })

  it('a preflight takes nothing', () => {
    const examined = passed(alice, open)
    const incoming = { ...examined.incoming, command: 'check' as const, transport: null }
    const { events, blobs } = decideCheck({ ...examined, incoming }, rules)(given(), moment)
    expect([types(events), blobs]).toEqual([['BitrecsSubmissionChecked'], undefined])
  })
})

describe('the commitment', () => {
  const reveal = { height: 8, commitHeight: 6, wasTimelocked: true, content: '0x', text: 'a:b', seq: 3 }
  it('must be the only reveal on the main network; on the test network the newest counts', () => {
    const two = [{ ...reveal, text: 'old:one' }, reveal]
    expect(judgeCommitment(122, two, 'a:b')).toMatchObject({ refusal: { code: 'commitment_not_single' } })
    expect(judgeCommitment(296, two, 'a:b')).toEqual(found(reveal))
    expect(judgeCommitment(296, [...two].reverse(), 'a:b')).toMatchObject({
      refusal: { code: 'commitment_mismatch' },
    })
  })
})
