import type { Command } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { accountOf } from '../../core/signatures'
import { type Answer, done, refuse } from '../answer'
import { replayFault } from '../auth/gates'
import type { Signer } from '../auth/signer'
import type { AutoresearchState } from '../state'

const EVM_ADDRESS = /^0x[0-9a-fA-F]{40}$/

/** POST /claims/recipient: where a hotkey's claims go, in epochs that are built after it (spec autoresearch §10.2). */
export const setRecipient =
  (signer: Signer, recipient: string): Command<AutoresearchState, Answer> =>
  (state, { timeMs: at }) => {
    const { account, hotkey, requestHash } = signer
    const no = (status: number, code: string, reason: string) =>
      refuse(
        { command: 'set-recipient', status, code, reason, subject: hotkey, actor: account, requestHash },
        at,
      )
    const replayed = replayFault(state, signer)
    if (replayed) return no(replayed.status, replayed.code, replayed.reason)
    if (!EVM_ADDRESS.test(recipient) && accountOf(recipient) === null)
      return no(422, 'recipient_invalid', 'A recipient is an SS58 coldkey or an EVM address')
    const holder = state.merkle.byRecipient.get(recipient.toLowerCase())
    if (holder !== undefined && holder !== hotkey)
      return no(409, 'recipient_taken', 'Another hotkey has this recipient, and a leaf list names each once')
    const event = draft(
      'ClaimRecipientSet',
      { hotkey: account, recipient, requestHash, at },
      { actor: account },
    )
    return done({ hotkey, recipient_coldkey: recipient }, [event])
  }
