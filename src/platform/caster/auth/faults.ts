import type { Settings } from '../../../config/config'
import type { Hex } from '../../../log/envelope'
import type { Metagraph } from '../../core/chain-facts'
import type { Refusal } from '../answer'
import type { CasterState } from '../state'
import type { Signer } from './signer'

/** Fault of a sender, without the command that it hit. */
export type Fault = Pick<Refusal, 'status' | 'code' | 'reason' | 'facts'>

/** A captured request that comes again: one with a nonce counts once, also across restarts. */
export const replayFault = (
  state: Readonly<CasterState>,
  { requestHash, strict }: Signer,
): Fault | undefined =>
  strict && state.seen.has(requestHash)
    ? { status: 401, code: 'signature_replayed', reason: 'This request was taken before' }
    : undefined

export const unknownHotkey = (netuid: number, hotkey: string): Fault => ({
  status: 403,
  code: 'unknown_hotkey',
  reason: 'The hotkey holds no uid on the subnet',
  facts: { hotkey, netuid },
})

export interface Gates {
  readonly needsAllowlist: boolean
}

export const gatesOf = (settings: Settings): Gates => ({ needsAllowlist: settings.casterNeedsAllowlist })

/** Whether a validator may be sent batches, and so may read what is hidden until they close. */
export function isTrusted(
  state: Readonly<CasterState>,
  { uidOf }: Pick<Metagraph, 'uidOf'>,
  { needsAllowlist }: Gates,
  account: Hex,
): boolean {
  if (!state.validators.has(account) || !uidOf.has(account)) return false
  return !needsAllowlist || state.allowlist.has(account)
}
