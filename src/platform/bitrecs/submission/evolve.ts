import type { PayloadOf } from '../../../log/catalogue'
import { is, type PlatformEvent } from '../../core/platform-event'
import type { BitrecsState } from '../state'
import { decodeVector } from './vector-text'

/** A nonce is remembered this long after the time that was signed with it (ms): twice the window in which that time is taken. */
const NONCE_KEPT_MS = 2 * 300_000
/** Acceptances are remembered this long (ms): the longest interval that can be configured. */
export const RECENT_KEPT_MS = 7 * 86_400_000
/** Nonces looked at whenever one is added: twice what comes in keeps the memory bounded. */
const PRUNED_PER_NONCE = 2

/** What submissions, bans and the operator's switches change. */
export function evolveSubmission(state: BitrecsState, event: PlatformEvent): void {
  if (is(event, 'BitrecsAgentSubmitted')) addAgent(state, event.payload)
  else if (is(event, 'BitrecsAgentEmbedded')) {
    const { model, agentId, vector } = event.payload
    state.embeddings.add(model, agentId, decodeVector(vector))
  } else if (is(event, 'BitrecsNonceUsed')) {
    const { hotkey, nonce, timestampS, at } = event.payload
    forgetOldNonces(state, at)
    state.nonces.set(nonceKey(hotkey, nonce), timestampS * 1000)
  } else if (is(event, 'BitrecsHotkeyBanned')) {
    const { hotkey, reason, at } = event.payload
    state.bans.set(hotkey, { reason, atMs: at })
  } else if (is(event, 'BitrecsHotkeyUnbanned')) state.bans.delete(event.payload.hotkey)
  else if (is(event, 'BitrecsAgentUnapproved')) {
    const { agentId, reason, at } = event.payload
    state.unapproved.set(agentId, { reason, atMs: at })
  } else if (is(event, 'BitrecsSubmissionsSwitched')) {
    const { enabled, reason } = event.payload
    state.submissions = { enabled, reason }
  }
}

export const nonceKey = (hotkey: string, nonce: string): string => `${hotkey}:${nonce}`

function addAgent(state: BitrecsState, submitted: PayloadOf<'BitrecsAgentSubmitted'>): void {
  const { agentId, hotkey, uid, name, provider, model, temperature } = submitted
  const { gist, textSha256, commitment, submittedAt } = submitted
  state.agents.set(agentId, {
    agentId,
    hotkey,
    uid,
    name,
    provider,
    model,
    temperature,
    gistId: gist.id,
    githubAccount: gist.account,
    gistCreatedAt: gist.createdAt,
    contentSha256: gist.sha256,
    block: commitment.revealHeight,
    commitHeight: commitment.commitHeight,
    submittedAtMs: submittedAt,
    ordinal: state.agents.size,
    status: 'screening_1',
  })
  state.byHotkey.set(hotkey, agentId)
  state.byGist.set(gist.id, agentId)
  if (!state.byText.has(textSha256)) state.byText.set(textSha256, agentId)
  state.recentMs.push(submittedAt)
  while (state.recentMs[0]! < submittedAt - RECENT_KEPT_MS) state.recentMs.shift()
}

/** The oldest come first in a map; a few looks at each addition are enough to stay ahead. */
function forgetOldNonces(state: BitrecsState, atMs: number): void {
  let looked = 0
  for (const [key, signedMs] of state.nonces) {
    if (looked++ >= PRUNED_PER_NONCE) return
    if (signedMs < atMs - NONCE_KEPT_MS) state.nonces.delete(key)
  }
}
