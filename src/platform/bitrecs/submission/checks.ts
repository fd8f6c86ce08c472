import { connectedValidatorCount } from '../evaluation/state'
import type { CheckContext } from './context'
import { nonceKey } from './evolve'
import { denied, type Finding, faulty, type Refusal } from './refusal'

/** A rule of §2.4, decided from data alone; undefined: it is kept. */
export type Check = (context: CheckContext) => Refusal | undefined

/** Seconds that a signed time may lie before or after ours. */
const TIMESTAMP_WINDOW_S = 300
const NONCE_MAX_CHARS = 128
const SIMILAR_MAX_COUNT = 5
const HOTKEY = /^5[1-9A-HJ-NP-Za-km-z]{47}$/
/** A clock of a miner may be this fast when its gist seems to be of the future (ms). */
const FUTURE_MAX_MS = 300_000

const refusalOf = (finding: Finding<unknown> | undefined): Refusal | undefined =>
  finding && !finding.ok ? finding.refusal : undefined

export const uploadsAllowed: Check = ({ rules }) =>
  rules.uploadsDisallowed === null ? undefined : denied(503, 'uploads_disallowed', rules.uploadsDisallowed)

export const systemEnabled: Check = ({ state: { submissions } }) =>
  submissions.enabled
    ? undefined
    : denied(
        503,
        'submissions_disabled',
        `Submissions are currently disabled${submissions.reason ? `: ${submissions.reason}` : ''}`,
      )

export const enoughValidators: Check = ({ state, rules }) => {
  const connected = connectedValidatorCount(state.evaluation)
  return connected >= rules.validatorsNeeded
    ? undefined
    : denied(503, 'too_few_validators', `${connected} of ${rules.validatorsNeeded} validators are connected`)
}

export const intervalOpen: Check = ({ state: { recentMs }, rules, nowMs }) => {
  const since = nowMs - rules.intervalMs
  let count = 0
  for (let i = recentMs.length - 1; i >= 0 && recentMs[i]! > since; i--) count += 1
  return count < rules.artifactsPerInterval
    ? undefined
    : denied(429, 'interval_full', 'Too many artifacts were submitted within the interval; try again later')
}

export const timestampInWindow: Check = ({ incoming: { transport, arrivedMs } }) => {
  const text = transport?.timestamp ?? ''
  const apartS = Math.abs(Math.floor(arrivedMs / 1000) - Number(text))
  return /^\d{1,12}$/.test(text) && apartS <= TIMESTAMP_WINDOW_S
    ? undefined
    : denied(400, 'timestamp_invalid', 'Invalid or expired timestamp')
}

export const transportSigned: Check = ({ found }) =>
  found.transportSigned
    ? undefined
    : denied(400, 'transport_signature_invalid', 'Invalid transport signature')

/** Not in the reference, where a replay is stopped by a later check only. */
export const nonceUnused: Check = ({ state, incoming: { account, transport } }) => {
  const nonce = transport?.nonce ?? ''
  if (nonce.length === 0 || nonce.length > NONCE_MAX_CHARS) {
    return denied(400, 'nonce_invalid', `X-Nonce must have 1 to ${NONCE_MAX_CHARS} characters`)
  }
  return state.nonces.has(nonceKey(account!, nonce))
    ? denied(400, 'nonce_used', 'This request has been sent before')
    : undefined
}

export const submissionSigned: Check = ({ found }) =>
  found.submissionSigned
    ? undefined
    : denied(400, 'submission_signature_invalid', 'Invalid submission signature')

export const hotkeyFormed: Check = ({ incoming }) =>
  HOTKEY.test(incoming.submission.hotkey) ? undefined : denied(400, 'hotkey_invalid', 'Invalid hotkey format')

export const noValidator: Check = ({ incoming, rules }) =>
  rules.validators.has(incoming.account!)
    ? denied(400, 'hotkey_is_validator', 'A validator hotkey cannot submit artifacts')
    : undefined

/** The reference leaves the last three to the miner's own program. */
export const gistUsable: Check = ({ found: { gist }, rules, incoming: { arrivedMs, requestId } }) => {
  if (!gist?.ok) return refusalOf(gist)
  const failed = (code: string, details: string) =>
    faulty(`gist_${code}`, 'Failed to submit artifact', { details, request_id: requestId })
  const { commits, createdAtMs } = gist.value
  if (commits !== 1) return failed('edited', `the gist has ${commits} commits, not one`)
  if (createdAtMs > arrivedMs + FUTURE_MAX_MS)
    return failed('of_the_future', 'the gist was created in the future')
  if (rules.gistMaxAgeMs > 0 && createdAtMs < arrivedMs - rules.gistMaxAgeMs) {
    return failed('too_old', `the gist is older than ${rules.gistMaxAgeMs / 3_600_000} hours`)
  }
  return undefined
}

export const artifactFormed: Check = ({ found }) => refusalOf(found.artifact)
export const rulesKept: Check = ({ found }) => refusalOf(found.rulesKept)

export const createdAtAgrees: Check = ({ incoming, found: { gist } }) =>
  gist?.ok && gist.value.createdAt === incoming.submission.created_at
    ? undefined
    : faulty('created_at_mismatch', 'created_at timestamp does not match Gist creation time')

export const hotkeyAgrees: Check = ({ incoming: { command, submission }, found: { artifact } }) => {
  const written = artifact?.ok ? artifact.value.miner_hotkey : ''
  const loose = (text: string) => text.trim().toLowerCase()
  const isSame =
    command === 'submit' ? written === submission.hotkey : loose(written) === loose(submission.hotkey)
  return isSame
    ? undefined
    : faulty('hotkey_mismatch', 'Miner hotkey in submission does not match miner hotkey in artifact')
}

export const hotkeyUnused: Check = ({ state, incoming }) =>
  state.byHotkey.has(incoming.account!)
    ? denied(400, 'hotkey_used', 'This hotkey has already submitted an artifact')
    : undefined

export const gistUnused: Check = ({ state, incoming }) =>
  state.byGist.has(incoming.submission.gist_id)
    ? denied(400, 'gist_used', 'This gist has already been submitted')
    : undefined

export const notBanned: Check = ({ state, incoming }) => {
  const ban = state.bans.get(incoming.account!)
  return ban && denied(403, 'hotkey_banned', `This hotkey is banned: ${ban.reason}`)
}

export const registered: Check = ({ found: { registration }, rules }) =>
  registration
    ? undefined
    : denied(400, 'hotkey_not_registered', `The hotkey is not registered on subnet ${rules.netuid}`)

export const providerKeyWorks: Check = ({ found }) => refusalOf(found.providerKey)
export const commitmentValid: Check = ({ found }) => refusalOf(found.commitment)

export const uidUsable: Check = ({ found: { registration } }) =>
  registration && registration.uid !== 0
    ? undefined
    : faulty('uid_invalid', 'No usable uid is registered for this hotkey')

/** The same text first, whatever the embedder says; then anything nearer than the threshold. */
export const different: Check = ({ state, rules, found: { textSha256, placed } }) => {
  const same = textSha256 === undefined ? undefined : state.byText.get(textSha256)
  if (same) return similar('duplicate', [{ agentId: same, distance: 0 }], rules.similarityThreshold)
  if (placed === null) {
    return rules.refusesUnchecked
      ? faulty('similarity_unavailable', 'The similarity check is not available; try again later', {}, 503)
      : undefined
  }
  if (!placed) return undefined
  const threshold = rules.similarityThreshold
  const near = state.embeddings
    .near(placed.model, placed.vector, threshold, SIMILAR_MAX_COUNT)
    .filter(({ distance }) => distance < threshold)
  return near.length > 0 ? similar('too_similar', near, threshold) : undefined
}

const similar = (
  code: string,
  near: readonly { readonly agentId: string; readonly distance: number }[],
  threshold: number,
): Refusal =>
  faulty(
    code,
    'Agent is too similar to existing agents',
    {
      message: 'This artifact is the same as an earlier one, or nearly so',
      similar_agents: near.map(({ agentId, distance }) => ({
        agent_id: agentId,
        similarity_score: (1 - distance).toFixed(4),
        distance: distance.toFixed(4),
      })),
      threshold,
    },
    409,
  )
