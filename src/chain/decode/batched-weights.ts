import { batchRevealWeights } from '../../../abi/weight-commits'
import { batchSetWeights, batchWeightItemFailed, weightsSet } from '../../../abi/weights'
import type { BlockEvent } from './block'
import { type BlockContext, callArgs } from './context'
import type { Submitted } from './weights'

/**
 * The item of a batch that a WeightsSet belongs to. Items run in order and each leaves exactly one outcome
 * (WeightsSet or BatchWeightItemFailed), so the n-th outcome is the n-th item. A batch reveal is all or nothing.
 */
export function batchItem(ctx: BlockContext, event: BlockEvent): Submitted | undefined {
  const { call } = event
  const batch = callArgs(ctx.runtime, batchSetWeights, call)
  if (batch) {
    const at = outcomesBefore(ctx, event)
    const pairs = batch.weights[at]
    const netuid = batch.netuids[at]
    if (!pairs || netuid === undefined) return undefined
    return {
      netuid,
      mechanism: 0,
      uids: pairs.map(([uid]) => uid),
      values: pairs.map(([, value]) => value),
      versionKey: batch.versionKeys[at] ?? 0n,
      source: 'batch',
    }
  }
  const reveal = callArgs(ctx.runtime, batchRevealWeights, call)
  if (!reveal) return undefined
  const at = outcomesBefore(ctx, event)
  const uids = reveal.uidsList[at]
  const values = reveal.valuesList[at]
  if (!uids || !values) return undefined
  const versionKey = reveal.versionKeys[at] ?? 0n
  return { netuid: reveal.netuid, mechanism: 0, uids, values, versionKey, source: 'reveal' }
}

function outcomesBefore(ctx: BlockContext, event: BlockEvent): number {
  return ctx.block.events.filter(
    (e) =>
      e.index < event.index &&
      e.call === event.call &&
      (e.name === weightsSet.id || e.name === batchWeightItemFailed.id),
  ).length
}
