import type { Settings } from '../../../config/config'
import type { Hex } from '../../../log/envelope'
import type { Refusal } from '../answer'
import type { AutoresearchState } from '../state'
import type { Signer } from './signer'

/** Fault of a sender, without the command that it hit. */
export type GateFault = Pick<Refusal, 'status' | 'code' | 'reason' | 'facts'>

export interface Gates {
  readonly needsRegistration: boolean
  /** Stake that the operator must have seen of a miner; 0 asks for none. */
  readonly minerMinStakeRao: bigint
  /** Allowed hotkeys as the setting names them; undefined: nobody configured the list. */
  readonly validators: ReadonlySet<string> | undefined
}

export function gatesOf(settings: Settings): Gates {
  const listed = settings.autoresearchValidators
    .split(',')
    .map((hotkey) => hotkey.trim())
    .filter((hotkey) => hotkey !== '')
  return {
    needsRegistration: settings.autoresearchNeedsRegistration,
    minerMinStakeRao: BigInt(settings.autoresearchMinerMinStakeRao),
    validators: listed.length > 0 ? new Set(listed) : undefined,
  }
}

/** Why a miner may not act (class Miner of spec autoresearch §3). */
export function minerFault(
  state: AutoresearchState,
  gates: Gates,
  { account, hotkey }: Pick<Signer, 'account' | 'hotkey'>,
  isRegistered: boolean,
): GateFault | undefined {
  if (gates.needsRegistration && !isRegistered) {
    const facts = { hotkey, netuid: state.netuid }
    return { status: 403, code: 'hotkey_not_registered', reason: 'The hotkey holds no uid', facts }
  }
  if (gates.minerMinStakeRao === 0n) return undefined
  const seen = state.stakes.get(account)
  if (seen && seen.stakeRao >= gates.minerMinStakeRao) return undefined
  return {
    status: 403,
    code: 'insufficient_miner_stake',
    reason: seen ? 'The stake is below the required one' : 'No stake of this hotkey has been observed',
    facts: {
      required_rao: String(gates.minerMinStakeRao),
      observed_rao: seen ? String(seen.stakeRao) : null,
      observed_at_height: seen?.atHeight ?? null,
    },
  }
}

/** Why somebody may not act as a validator. */
export function validatorFault({ validators }: Gates, hotkey: string): GateFault | undefined {
  if (!validators) {
    return {
      status: 503,
      code: 'validator_allowlist_not_configured',
      reason: 'No validator is allowed yet: SUBLEDGER_AUTORESEARCH_VALIDATORS is empty',
    }
  }
  if (validators.has(hotkey)) return undefined
  return {
    status: 403,
    code: 'validator_not_allowlisted',
    reason: 'The hotkey is not on the list of validators',
    facts: { hotkey },
  }
}

/** A replay that came in the same batch as its original: the check before the command could not see it. */
export const replayFault = (
  state: AutoresearchState,
  { requestHash }: { readonly requestHash: string; readonly account: Hex },
): GateFault | undefined =>
  state.seen.has(requestHash)
    ? { status: 401, code: 'signature_replayed', reason: 'This signature was used before' }
    : undefined
