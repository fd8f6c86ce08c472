import type { Command } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { type Answer, done, refuse } from '../answer'
import { type Fault, replayFault, unknownHotkey } from '../auth/faults'
import type { Signer } from '../auth/signer'
import type { CasterState } from '../state'

/** A script that passed the rules by itself. */
export interface ScriptInput {
  readonly signer: Signer
  /** null: the hotkey holds none. */
  readonly uid: number | null
  readonly artifactId: string
  readonly script: { readonly contentHash: string; readonly sizeBytes: number }
}

const COMMAND = 'submit-script'

/** POST /v1/miners/scripts: the first of equal contents is taken, whoever sends it, and it takes the place of the hotkey's last one. */
export const submitScript =
  ({ signer, uid, artifactId, script }: ScriptInput): Command<CasterState, Answer> =>
  (state, { timeMs: at }) => {
    const { account, hotkey, requestHash } = signer
    const { contentHash, sizeBytes: bytes } = script
    const fault =
      replayFault(state, signer) ??
      (uid === null ? unknownHotkey(state.netuid, hotkey) : undefined) ??
      duplicateFault(state, contentHash)
    if (fault || uid === null) {
      const refusal = { command: COMMAND, subject: contentHash, actor: account, requestHash, ...fault! }
      return refuse(refusal, at)
    }
    const by = { actor: account }
    const payload = {
      artifactId,
      hotkey: account,
      uidAtSubmit: uid,
      contentSha256: contentHash,
      bytes,
      requestHash,
      at,
    }
    const events = [draft('ScriptSubmitted', payload, by)]
    const old = state.newest.get(account)
    const superseded =
      old === undefined
        ? []
        : [draft('ScriptSuperseded', { hotkey: account, oldArtifact: old, newArtifact: artifactId, at }, by)]
    const body = { uid, artifact_id: artifactId, content_hash: contentHash, size_bytes: bytes }
    return done(body, [...events, ...superseded])
  }

export function duplicateFault(state: Readonly<CasterState>, contentHash: string): Fault | undefined {
  if (!state.contents.has(contentHash)) return undefined
  const facts = { content_hash: contentHash }
  return { status: 409, code: 'duplicate_script', reason: 'The same script was submitted before', facts }
}

/** A script that the rules refuse, or a stranger's: nothing of it is kept but the reason. */
export const refuseScript =
  (signer: Signer, fault: Fault, subject: string): Command<CasterState, Answer> =>
  (state, { timeMs: at }) =>
    refuse(
      {
        command: COMMAND,
        subject,
        actor: signer.account,
        requestHash: signer.requestHash,
        ...(replayFault(state, signer) ?? fault),
      },
      at,
    )
