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
  readonly needsPermit: boolean
}

export const gatesOf = (settings: Settings): Gates => ({
  needsAllowlist: settings.casterNeedsAllowlist,
  needsPermit: settings.casterNeedsPermit,
})

const NO_PERMIT =
  'The hotkey holds no validator permit on the subnet: permits go to the most staked at each epoch, so stake more and ask again after the next one'
const PERMITS_UNKNOWN =
  'The log tells no validator permits of the subnet yet: they are read at its epochs, of runtimes from 315 on, from a node that has their state; without one the operator can set SUBLEDGER_CASTER_NEEDS_PERMIT=off'

/** Why a hotkey is no validator of the metagraph (spec caster §9); undefined: it is one. */
export function validatorFault(
  netuid: number,
  { uidOf, permitted }: Metagraph,
  { needsPermit }: Gates,
  { account, hotkey }: Pick<Signer, 'account' | 'hotkey'>,
): Fault | undefined {
  if (!uidOf.has(account)) return unknownHotkey(netuid, hotkey)
  if (!needsPermit || permitted?.has(account)) return undefined
  return {
    status: 403,
    code: 'no_validator_permit',
    reason: permitted ? NO_PERMIT : PERMITS_UNKNOWN,
    facts: { hotkey, netuid, permits_known: permitted !== null },
  }
}

/** Whether a validator may be sent batches, and so may read what is hidden until they close. */
export function isTrusted(
  state: Readonly<CasterState>,
  { uidOf, permitted }: Metagraph,
  { needsAllowlist, needsPermit }: Gates,
  account: Hex,
): boolean {
  if (!state.validators.has(account) || !uidOf.has(account)) return false
  if (needsPermit && !permitted?.has(account)) return false
  return !needsAllowlist || state.allowlist.has(account)
}
