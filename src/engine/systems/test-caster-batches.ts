import { draft } from '../../platform/core/platform-event'
import type { TestChain } from '../test-chain-log'
import { HOUR, owner, START_MS, sha, stranger, UID, v1, v2, v3 } from './test-caster-cast'
import { closed, opened, policySet, submitted } from './test-caster-drafts'
import { BLOCKS, EXCLUDED, FIRST, LATE, SECOND, SCRIPTS as scripts } from './test-caster-fixtures'
import type { TestCasterLog } from './test-caster-log'
import { aggregated, compared, moved } from './test-caster-verdicts'

const EMPTY = [null, null, null]

/** Bootstrap: Ann alone on the roster. */
async function playFirst(platform: TestCasterLog): Promise<void> {
  const { ann, zed } = scripts
  await platform.add(...opened(FIRST))
  await platform.add(...closed(FIRST))
  const none = { incumbent: null, incumbentTotal: null, needed: 0 }
  await platform.add(
    aggregated(FIRST, ann, [1, 0.5]),
    aggregated(FIRST, zed, [0, 0]),
    compared(FIRST, 0, { challenger: ann, total: 1.5, ...none, beats: true, effect: 'bootstrap' }),
    compared(FIRST, 1, {
      challenger: zed,
      total: 0,
      incumbent: ann,
      incumbentTotal: 1.5,
      needed: 1.5,
      beats: false,
      effect: 'unchanged',
    }),
    moved(FIRST, 'RosterChanged', EMPTY, [ann, null, null], 'bootstrap'),
  )
}

/** Ben takes the first place; Cat ties, Dan loses. */
async function playSecond(platform: TestCasterLog): Promise<void> {
  const { ann, ben, cat, dan } = scripts
  await platform.add(...opened(SECOND))
  await platform.add(...closed(SECOND))
  const excluded = [{ hotkey: v3, reason: EXCLUDED }]
  const against = { incumbent: ben, incumbentTotal: 3, needed: 3, beats: false, effect: 'unchanged' } as const
  await platform.add(
    aggregated(SECOND, ann, [1, 0.5, 0.25, 0.25], excluded),
    aggregated(SECOND, ben, [1, 1, 0.5, 0.5], excluded),
    aggregated(SECOND, cat, [1, 1, 0.5, 0.5], excluded),
    aggregated(SECOND, dan, [1, 0, 0, 0], excluded),
    compared(SECOND, 0, {
      challenger: ben,
      total: 3,
      incumbent: ann,
      incumbentTotal: 2,
      needed: 2,
      beats: true,
      effect: 'promoted',
    }),
    compared(SECOND, 1, { challenger: cat, total: 3, ...against }),
    compared(SECOND, 2, { challenger: dan, total: 1, ...against }),
    moved(SECOND, 'RosterChanged', [ann, null, null], [ben, ann, null], 'score'),
  )
}

/** Validators, their gates and what they were served: every kind of event that is left. */
async function playValidators(platform: TestCasterLog): Promise<void> {
  const at = START_MS
  const first = { hotkey: v1, uid: 1, firstAt: at, requestHash: sha(2) as never }
  const gate = { hotkey: v1, lastSuccessAt: null, functioning: true, shutsAt: at + 120 * HOUR } as const
  await platform.add(
    draft('AllowlistChanged', { hotkey: v1, added: true, actor: 'operator', at }),
    draft('AllowlistChanged', { hotkey: v2, added: true, actor: 'operator', at }),
    draft('AllowlistChanged', { hotkey: v2, added: false, actor: 'operator', at }),
    draft('ValidatorRegistered', { ...first, baseUrl: 'http://127.0.0.1:1', at }),
    draft('ValidatorRegistered', { ...first, baseUrl: 'http://127.0.0.1:2', at: at + 1 }),
    draft('ValidatorFunctioningChanged', { ...gate, reason: 'grace_since_registration', at }),
    draft('WeightsDenied', { validator: v2, reason: 'never_completed', at }),
  )
}

/** Two batches in two epochs of the chain, then the second of the roster loses its uid to a stranger. */
export async function playBatches(
  chain: TestChain,
  platform: TestCasterLog,
  decide: () => Promise<unknown>,
): Promise<void> {
  const { ann, zed, ben, cat, dan } = scripts
  await platform.add(policySet(START_MS), ...[ann, zed].map(submitted))
  await playValidators(platform)
  await chain.advance(BLOCKS.first)
  await playFirst(platform)
  await chain.advance(BLOCKS.first + 1)
  await decide()
  await platform.add(...[ben, cat, dan].map(submitted))
  await chain.advance(BLOCKS.second)
  await playSecond(platform)
  await platform.add(
    submitted(LATE.eve),
    submitted(LATE.zed),
    draft('ScriptSuperseded', {
      hotkey: zed.hotkey,
      oldArtifact: zed.artifactId,
      newArtifact: LATE.zed.artifactId,
      at: LATE.zed.submittedAt,
    }),
    draft('WeightsComputed', {
      batchId: SECOND.batchId,
      roster: [ben, ann, null].map((one) => one && { hotkey: one.hotkey, artifactId: one.artifactId }),
      uidMap: [{ hotkey: ben.hotkey, uid: 6 }],
      weights: [{ uid: 6, weight: 0.6 }],
      height: BLOCKS.second,
      policyId: 'caster/top3',
      weightsSha256: sha(33),
      at: SECOND.at + 6,
    }),
    draft('WeightsServed', { validator: v1, weightsSha256: sha(33), at: SECOND.at + 7 }),
  )
  await chain.advance(BLOCKS.second + 1)
  await decide()
  chain.register(UID[ann.hotkey]!, stranger, BLOCKS.deregistered, ann.hotkey)
  await chain.advance(BLOCKS.deregistered)
  await platform.add(
    draft('DecisionRequested', { reason: 'the second place was deregistered', at: SECOND.at + 8 }),
  )
  await chain.advance(BLOCKS.deregistered + 1)
  await decide()
}

/** Registrations of everybody, in block 0. */
export function registerAll(chain: TestChain): TestChain {
  chain.tempo(360, 0).register(0, owner, 0)
  for (const [uid, hotkey] of [v1, v2, v3].entries()) chain.register(uid + 1, hotkey, 0)
  for (const [hotkey, uid] of Object.entries(UID)) chain.register(uid, hotkey as `0x${string}`, 0)
  return chain
}
