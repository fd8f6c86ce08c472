import { parameters } from '../../../abi/hyperparameters'
import type { CallHandler, Pallet } from './dispatch'
import { DispatchFailure, ensureRoot } from './dispatch'
import { ensure } from './subtensor/failures'
import { trimUids } from './subtensor/trim'

/**
 * Hyperparameters by root or the subnet's owner: every one that `abi/` knows a call of, with its event where it has one.
 * Rate limits of owners and bounds of single values are not modelled.
 */
const setters: Record<string, CallHandler> = Object.fromEntries(
  parameters.flatMap((parameter) => {
    const { call, callArgs, storage: item, event, eventField } = parameter
    if (!call) return []
    const set: CallHandler = (context, args) => {
      const netuid = args.netuid as number
      ensureRootOrOwner(context, netuid)
      const values = callArgs.map((name) => args[name])
      const value = values.length === 1 ? values[0] : values
      context.storage.put(item.id, [netuid], value)
      if (event && context.knowsEvent(event.id)) {
        context.deposit(event.id, eventField ? { netuid, [eventField]: value } : [netuid, value])
      }
      return { paysFee: false }
    }
    return [[call.name, set] as const]
  }),
)

export const adminUtilsPallet: Pallet = {
  name: 'AdminUtils',
  calls: {
    ...setters,
    sudo_trim_to_max_allowed_uids(context, { netuid, maxN }) {
      ensureRootOrOwner(context, netuid)
      trimUids(context, netuid, maxN)
    },
  },
}

function ensureRootOrOwner(context: Parameters<CallHandler>[0], netuid: number): void {
  const { origin, storage } = context
  ensure(storage.get('SubtensorModule.NetworksAdded', netuid) === true, 'SubnetNotExists')
  if (origin.kind === 'Signed') {
    if (storage.get('SubtensorModule.SubnetOwner', netuid) === origin.account) return
    throw new DispatchFailure('', 'BadOrigin')
  }
  ensureRoot(context)
}
