import type { DispatchContext, DispatchErrorValue, Pallet, RuntimeCall } from './dispatch'
import { DispatchFailure, ensureSigned } from './dispatch'

/** Calls on the chain's own behalf. Public source: `frame/sudo/src/lib.rs` of polkadot-sdk. */
export const sudoPallet: Pallet = {
  name: 'Sudo',
  genesis: (storage, { sudoKey }) => storage.put('Sudo.Key', [], sudoKey),
  calls: {
    sudo: (context, { call }) => asRoot(context, call),
    sudo_unchecked_weight: (context, { call }) => asRoot(context, call),
    sudo_as(context, { who, call }) {
      ensureSudo(context)
      const error = context.dispatch(call, { kind: 'Signed', account: who.value })
      context.deposit('Sudo.SudoAsDone', { sudoResult: resultOf(error) })
      return { paysFee: false }
    },
    set_key(context, { new: key }) {
      const old = ensureSudo(context)
      context.storage.put('Sudo.Key', [], key.value)
      context.deposit('Sudo.KeyChanged', { old, new: key.value })
      return { paysFee: false }
    },
  },
}

function asRoot(context: DispatchContext, call: RuntimeCall) {
  ensureSudo(context)
  const error = context.dispatch(call, { kind: 'Root' })
  context.deposit('Sudo.Sudid', { sudoResult: resultOf(error) })
  return { paysFee: false }
}

function ensureSudo(context: DispatchContext): string {
  const who = ensureSigned(context)
  if (context.storage.get('Sudo.Key') !== who) throw new DispatchFailure('Sudo', 'RequireSudo')
  return who
}

/** `DispatchResult` as events carry it. */
export function resultOf(error: DispatchErrorValue | undefined) {
  return error ? { __kind: 'Err', value: error } : { __kind: 'Ok', value: null }
}
