import { adminUtilsPallet } from './admin-utils'
import { awaitedByCommitments, commitmentsPallet } from './commitments'
import type { BlockContext, Pallet } from './dispatch'
import { drandPallet } from './drand/drand'
import { multisigPallet } from './multisig'
import { proxyPallet } from './proxy'
import { shieldPallet } from './shield'
import { type GenesisSubnet, type SubnetLimits, subtensorPallet, usualLimits } from './subtensor'
import { awaitedByWeights } from './subtensor/timelocked-weights'
import { sudoPallet } from './sudo'
import { utilityPallet } from './utility'

/** Everything the devnet executes beyond System, Timestamp and Balances. The seed gives the drand beacon its key. */
export function devnetPallets(
  seed: number,
  subnets: readonly GenesisSubnet[] = [],
  limits: Partial<SubnetLimits> = {},
): Pallet[] {
  const awaited = (context: BlockContext) => [...awaitedByCommitments(context), ...awaitedByWeights(context)]
  return [
    subtensorPallet(subnets, { ...usualLimits, ...limits }),
    utilityPallet,
    sudoPallet,
    multisigPallet,
    proxyPallet,
    commitmentsPallet,
    adminUtilsPallet,
    drandPallet(seed, awaited),
    shieldPallet,
  ]
}
