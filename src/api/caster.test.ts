import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { casterSystem } from '../engine/systems/caster'
import {
  ann,
  ben,
  cat,
  dan,
  eve,
  sha,
  ss58,
  stranger,
  v1,
  v2,
  v3,
  zed,
} from '../engine/systems/test-caster-cast'
import { policySet } from '../engine/systems/test-caster-drafts'
import {
  BLOCKS,
  CLAIMS,
  EXCLUDED,
  FIRST,
  LATE,
  SCRIPTS,
  SECOND,
} from '../engine/systems/test-caster-fixtures'
import { CASTER_CHAMPION_POLICY, CASTER_TOP3_POLICY } from '../mechanisms/caster/policy'
import { draft } from '../platform/core/platform-event'
import { TestCasterApi } from './test-caster-api'

describe('decisions of Caster over GraphQL', { timeout: 120_000 }, () => {
  let served: TestCasterApi

  beforeAll(async () => {
    served = await TestCasterApi.start()
  }, 120_000)
  afterAll(() => served.close())

  const ask = (query: string, variables?: object) => served.ask(query, variables)
  const explain = async (subject: string, height?: number) => {
    const at = height === undefined ? '' : `, at: { height: ${height} }`
    const { data, errors } = await ask(`query ($s: String!) { explain(netuid: 67, subject: $s${at}) }`, {
      s: subject,
    })
    expect(errors).toBeUndefined()
    return data.explain
  }
  const whatIf = (change: object) =>
    ask('query ($c: String!) { whatIf(netuid: 67, change: $c) }', { c: JSON.stringify(change) })

  it('says which weights to set at each block, and every decision is computed again alike', async () => {
    const fields = 'height outcome burn shares { hotkey uid share } weights { uid value } audit { equal }'
    const { data, errors } = await ask(`{
      first: weights(netuid: 67, at: { height: ${BLOCKS.first} }) { ${fields} }
      second: weights(netuid: 67, at: { height: ${BLOCKS.second} }) { ${fields} unpublished { path } }
      now: weights(netuid: 67) { ${fields} }
      decisions(netuid: 67) { totalCount nodes { outcome audit { equal firstDifference } } }
    }`)
    expect(errors).toBeUndefined()
    const audit = { equal: true }
    expect(data.first).toMatchObject({
      height: BLOCKS.first,
      outcome: 'weights',
      audit,
      shares: [{ hotkey: ss58(ann), uid: 5, share: 0.6 }],
    })
    expect(data.second).toMatchObject({
      audit,
      shares: [
        { hotkey: ss58(ben), uid: 6, share: 0.6 },
        { hotkey: ss58(ann), uid: 5, share: 0.3 },
      ],
      unpublished: [{ path: '/beats/margin' }, { path: '/shares' }],
    })
    // The second place's uid is a stranger's now: its share is burned, and the stranger gets nothing.
    expect(data.now).toMatchObject({
      height: BLOCKS.deregistered,
      audit,
      shares: [{ hotkey: ss58(ben), uid: 6, share: 0.6 }],
      weights: [
        { uid: 0, value: 43_690 },
        { uid: 6, value: 65_535 },
      ],
    })
    expect(data.now.burn).toBeCloseTo(0.4, 12)
    expect(data.decisions.totalCount).toBe(3)
    for (const decision of data.decisions.nodes)
      expect(decision.audit).toEqual({ equal: true, firstDifference: null })
    expect(JSON.stringify(data)).not.toContain(ss58(stranger))
  })

  it('tells a loser its total, the missing margin, and on which claims it lost', async () => {
    expect(await explain(ss58(dan))).toMatchObject({
      verdict: 'did_not_beat_the_first',
      place: null,
      share: 0,
      total: 1,
      incumbent: ss58(ben),
      incumbentTotal: 3,
      needed: 3,
      mustExceed: true,
      missing: 2,
      challengers: 'cascade',
      beats: { kind: 'relative_margin', margin: 0 },
      batchId: SECOND.batchId,
      references: `/content/${sha(77)}`,
      costAndRuntime: { own: { costUsd: 0.01 }, incumbent: { costUsd: 0.01, runtimeMs: 6_000 } },
      claims: {
        equal: 1,
        won: [],
        lost: [
          { claimId: 'q2', own: 0, incumbent: 1, difference: -1 },
          {
            claimId: 'fail3',
            own: 0,
            incumbent: 0.5,
            grades: [
              { validator: ss58(v1), verdict: null, errorCode: 'timeout', verdictScore: 0 },
              { validator: ss58(v2), verdict: null, errorCode: 'timeout', verdictScore: 0 },
            ],
          },
          { claimId: 'q4', grades: [{ verdict: -1, errorCode: null }, { verdict: -1 }] },
        ],
      },
      validators: {
        counted: [ss58(v1), ss58(v2)],
        excluded: [
          {
            validator: ss58(v3),
            reason: EXCLUDED,
            delivery: { status: 'failed', reason: 'incomplete', detail: '1 missing' },
          },
        ],
      },
      lastComparedIn: null,
    })
  })

  it('tells a copycat that a tie is not enough', async () => {
    expect(await explain(SCRIPTS.cat.artifactId)).toMatchObject({
      hotkey: ss58(cat),
      artifactId: SCRIPTS.cat.artifactId,
      verdict: 'did_not_beat_the_first',
      total: 3,
      needed: 3,
      missing: 0,
      mustExceed: true,
      claims: { lost: [], won: [], equal: CLAIMS.length },
    })
  })

  it('tells those on the roster their place, and whose uid is gone', async () => {
    expect(await explain(ss58(ben))).toMatchObject({
      verdict: 'first',
      place: 1,
      share: 0.6,
      incumbent: ss58(ann),
      claims: { won: [{ claimId: 'q2' }, { claimId: 'fail3' }, { claimId: 'q4' }] },
    })
    expect(await explain(ss58(ann), BLOCKS.second)).toMatchObject({
      verdict: 'in_roster',
      place: 2,
      share: 0.3,
      total: 2,
      incumbent: ss58(ben),
      needed: 3,
      missing: 1,
    })
    expect(await explain(ss58(ann))).toMatchObject({ verdict: 'not_registered', place: 2, share: 0 })
  })

  it('tells who was not in the batch what it waits for, and when it was compared last', async () => {
    expect(await explain(ss58(zed))).toMatchObject({
      verdict: 'not_in_batch',
      total: null,
      waits: 'submitted_after_cutoff',
      lastComparedIn: FIRST.batchId,
      history: [
        { batchId: FIRST.batchId, total: 0, incumbent: ss58(ann), incumbentTotal: 1.5, beats: false },
      ],
    })
    expect(await explain(ss58(eve))).toMatchObject({ waits: 'submitted_after_cutoff', history: [] })
    expect(await explain(LATE.zed.artifactId)).toMatchObject({ hotkey: ss58(zed), lastComparedIn: null })
    expect(await explain(ss58(stranger))).toMatchObject({ verdict: 'not_in_batch', waits: 'no_script' })
    expect(await explain('nobody')).toBeNull()
    expect(await explain(ss58(zed), BLOCKS.first)).toMatchObject({
      verdict: 'did_not_beat_the_first',
      batchId: FIRST.batchId,
      missing: 1.5,
    })
  })

  it('explains a recorded decision as it was then', async () => {
    const { data } = await ask(
      `{ weights(netuid: 67, at: { height: ${BLOCKS.first} }) { explain(subject: "${ss58(ann)}") } }`,
    )
    expect(data.weights.explain).toMatchObject({ verdict: 'first', batchId: FIRST.batchId, missing: 0 })
  })

  it('answers what would have been: a margin, one champion, other totals, a validator less', async () => {
    const tried = async (change: object) => {
      const { data, errors } = await whatIf(change)
      expect(errors, JSON.stringify(errors)).toBeUndefined()
      const { roster } = data.whatIf.after as { roster: ({ hotkey: string } | null)[] }
      return { changes: data.whatIf.changes as boolean, roster: roster.map((one) => one?.hotkey ?? null) }
    }
    const margin = { policy: { beats: { kind: 'relative_margin', margin: 0.5 } } }
    expect(await tried(margin)).toEqual({ changes: true, roster: [ss58(ann), null, null] })
    const { id, roster, beats, shares } = CASTER_CHAMPION_POLICY
    const champion = { policy: { id, roster, beats, shares } }
    expect(await tried(champion)).toEqual({ changes: true, roster: [ss58(ben)] })
    const totals = { totals: [{ artifactId: SCRIPTS.dan.artifactId, total: 4 }] }
    expect(await tried(totals)).toEqual({ changes: true, roster: [ss58(dan), ss58(ben), ss58(ann)] })
    const fewer = { excludedValidators: [ss58(v1)] }
    expect(await tried(fewer)).toEqual({ changes: false, roster: [ss58(ben), ss58(ann), null] })
    const { data } = await whatIf({ policy: { absent: 'renormalise' } })
    expect(data.whatIf.after).toMatchObject({ burn: 0, weights: [{ uid: 6, share: 1 }] })
  })

  it.each([
    ['an unknown member', { scores: [] }, 'SL-DECIDE-INPUT'],
    ['an artifact that was not there', { totals: [{ artifactId: 'x', total: 1 }] }, 'SL-DECIDE-INPUT'],
    ['a policy that does not hold together', { policy: { roster: 'champion' } }, 'SL-POLICY-INVALID'],
    ['no object', [], 'SL-DECIDE-INPUT'],
  ])('refuses a change with %s', async (_, change, code) => {
    expect((await whatIf(change)).errors[0].extensions.code).toBe(code)
  })

  it('says what of the policy was never published', async () => {
    const { data } = await ask(
      '{ policyHistory(netuid: 67) { nodes { policyId unpublished { path note } } } }',
    )
    const [policy] = data.policyHistory.nodes
    expect(policy).toMatchObject({
      policyId: 'caster/top3',
      unpublished: [{ path: '/beats/margin' }, { path: '/shares' }],
    })
    expect(policy.unpublished[1].note).toContain('example')
    const champion = JSON.parse(JSON.stringify(CASTER_CHAMPION_POLICY))
    expect(casterSystem.unpublished(champion)).toEqual([])
  })

  it('finds a validator that pays the deregistered second’s heir', async () => {
    served.chain.weights(1, v1, { 6: [65_535, ben], 5: [32_768, stranger] }, BLOCKS.deregistered + 2)
    await served.chain.advance(BLOCKS.deregistered + 2)
    await served.engine.catchUp()
    await vi.waitFor(async () => {
      const { data } = await ask('{ divergences(netuid: 67) { nodes { validator cause } } }')
      expect(data.divergences.nodes).toMatchObject([{ validator: ss58(v1), cause: 'other_shares' }])
    })
  })

  it('does not let a later policy rewrite who sits, only what a seat is paid', async () => {
    const at = SECOND.at + 9
    const shares = [0.5, 0.4, 0.1]
    const beats = { kind: 'relative_margin', margin: 9 } as const
    const later = { ...CASTER_TOP3_POLICY, id: 'caster/strict', effectiveFromBlock: 33, shares, beats }
    await served.platform.add(policySet(at, later))
    await served.chain.advance(40)
    await served.platform.add(draft('DecisionRequested', { reason: 'a new policy', at }))
    await served.chain.advance(41)
    await served.engine.catchUp()
    await vi.waitFor(async () => {
      const { data } = await ask(
        '{ weights(netuid: 67) { height policyId shares { hotkey share } audit { equal } } }',
      )
      expect(data.weights).toEqual({
        height: 40,
        policyId: 'caster/strict',
        shares: [{ hotkey: ss58(ben), share: 0.5 }],
        audit: { equal: true },
      })
    })
    expect(await explain(ss58(dan))).toMatchObject({
      policyId: 'caster/top3',
      beats: { margin: 0 },
      missing: 2,
    })
    const { data } = await whatIf({ policy: { beats } })
    expect(data.whatIf.after.roster[0].hotkey).toBe(ss58(ann))
  })
})
