import type { ApiPromise } from '@polkadot/api'
import type { Hex } from '../../../log/envelope'
import type { OwnershipCheck } from './check-caller'

const NOBODY = `0x${'0'.repeat(64)}`

/** Reads at the finalized head, both at one block: the coldkey that owns the subnet, and the one that owns the caller's hotkey. */
export function subnetOwnerCheck(api: ApiPromise, netuid: number): OwnershipCheck {
  return async (account) => {
    const at = await api.at(await api.rpc.chain.getFinalizedHead())
    const subtensor = at.query.subtensorModule
    if (!subtensor?.subnetOwner || !subtensor.owner) throw new Error('the chain has no subnets')
    const [owner, caller] = await Promise.all([subtensor.subnetOwner(netuid), subtensor.owner(account)])
    const [subnetOwner, coldkey]: [Hex, Hex] = [owner.toHex(), caller.toHex()]
    // A hotkey that nobody owns has the chain's default, and so has a subnet that is not there.
    if (coldkey === NOBODY) return 'unknown'
    return coldkey === subnetOwner ? 'owner' : 'foreign'
  }
}
