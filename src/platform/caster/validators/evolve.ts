import type { Hex } from '../../../log/envelope'
import { is, type PlatformEvent } from '../../core/platform-event'
import type { CasterState, Validator } from '../state'

/** Validators, their gate, the allowlist, and what they were answered. */
export function evolveValidators(state: CasterState, event: PlatformEvent): void {
  if (is(event, 'ValidatorRegistered')) {
    const { hotkey, uid, baseUrl, firstAt, at } = event.payload
    const known = state.validators.get(hotkey as Hex)
    state.validators.set(hotkey as Hex, {
      hotkey: hotkey as Hex,
      uid,
      baseUrl,
      firstAtMs: firstAt,
      registeredAtMs: at,
      lastSuccessAtMs: known?.lastSuccessAtMs ?? null,
      gate: known?.gate ?? null,
    })
  } else if (is(event, 'BatchCompleted'))
    change(state, event.payload.validator, { lastSuccessAtMs: event.payload.at })
  else if (is(event, 'ValidatorFunctioningChanged')) {
    const { hotkey, lastSuccessAt, functioning, reason, shutsAt } = event.payload
    change(state, hotkey, {
      gate: { lastSuccessAtMs: lastSuccessAt, functioning, reason, shutsAtMs: shutsAt },
    })
  } else if (is(event, 'AllowlistChanged')) {
    if (event.payload.added) state.allowlist.add(event.payload.hotkey as Hex)
    else state.allowlist.delete(event.payload.hotkey as Hex)
  } else if (is(event, 'WeightsComputed')) {
    const { batchId, weightsSha256, policyId } = event.payload
    state.answer = { number: (state.answer?.number ?? -1) + 1, batchId, weightsSha256, policyId }
  } else if (is(event, 'WeightsServed')) {
    const validator = event.payload.validator as Hex
    state.served.set(validator, state.answer?.number ?? -1)
    state.denied.delete(validator)
  } else if (is(event, 'WeightsDenied'))
    state.denied.set(event.payload.validator as Hex, event.payload.reason)
}

function change(state: CasterState, hotkey: string, to: Partial<Validator>): void {
  const validator = state.validators.get(hotkey as Hex)
  if (validator) state.validators.set(validator.hotkey, { ...validator, ...to })
}
