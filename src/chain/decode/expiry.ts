import type { PendingWeights, Subnet } from '../state/subnet'
import type { BlockContext } from './context'

/** Where a runtime has it, epochs are scheduled, not computed from the height. */
const SCHEDULED_EPOCHS = 'SubtensorModule.SubnetEpochIndex'

/** First spec whose commits expire by epoch; before it a commit waited until the next one. */
const FIRST_SPEC_WITH_EXPIRY = 205

/** `get_epoch_index` of pallets/subtensor/src/subnets/weights.rs: epochs are staggered by netuid. */
export const epochAt = (height: number, netuid: number, tempo: number) =>
  Math.floor((height + netuid + 1) / (tempo + 1))

/**
 * Commits whose time to reveal has passed with this block: a commit of epoch e is revealed in epoch e + period or
 * never (by the tempo and period of now, as the chain computes it). Without a known tempo nothing is claimed.
 */
export function expireCommits(ctx: BlockContext): void {
  if (ctx.spec < FIRST_SPEC_WITH_EXPIRY) return
  for (const subnet of ctx.state.all()) {
    if (subnet.weightCommits.length === 0) continue
    for (const commit of expired(ctx, subnet)) {
      const { mechanism, who, kind, commitHash, height, eventIndex } = commit
      ctx.emit(
        subnet,
        'WeightsCommitExpired',
        { mechanism, who, kind, commitHash, commit: { height, eventIndex }, reason: reasonFor(subnet, who) },
        {},
      )
    }
  }
}

function expired(ctx: BlockContext, subnet: Subnet): readonly PendingWeights[] {
  const tempo = Number(subnet.parameters.get('Tempo') ?? NaN)
  const period = Number(subnet.parameters.get('RevealPeriodEpochs') ?? NaN)
  if (!(period >= 0)) return []
  if (ctx.runtime.hasStorageItem(SCHEDULED_EPOCHS)) {
    return subnet.weightCommits.filter((c) => c.epochsSeen > period)
  }
  if (!(tempo > 0)) return []
  const now = epochAt(ctx.block.height, subnet.netuid, tempo)
  return subnet.weightCommits.filter((c) => now > epochAt(c.height, subnet.netuid, tempo) + period)
}

function reasonFor(subnet: Subnet, who: string) {
  if (subnet.uidOf.has(who)) return 'not-revealed-in-time'
  return subnet.swappedTo.has(who) ? 'hotkey-swapped' : 'tenure-ended'
}
