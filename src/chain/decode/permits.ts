import { incentiveAlphaEmittedToMiners } from '../../../abi/emissions'
import { validatorPermit } from '../../../abi/registrations'
import type { Subnet } from '../state/subnet'
import type { BlockContext, PermitReading } from './context'
import { type Reading, readAll } from './storage-read'

/**
 * Permits change at epochs, which older runtimes do not tell: a set that nothing keeps up to date would be wrong soon, so there
 * none is written.
 */
const tellsEpochs = ({ runtime }: BlockContext) => runtime.hasEvent(incentiveAlphaEmittedToMiners.id)

/** Once a block and subnet, however many mechanisms were paid: what holds when the block is over. */
export function* readDoubtedPermits(ctx: BlockContext): Reading<void> {
  for (const [netuid, why] of ctx.permitsInDoubt) {
    const subnet = ctx.state.get(netuid)
    if (subnet) yield* readPermits(ctx, subnet, why, 'block')
  }
}

/**
 * Makes our set of permits the chain's; nothing is written where nothing differs. One key a subnet and never those of several, so
 * that the question, and with it the cached answer, is the same whichever other subnets are indexed.
 */
export function* readPermits(
  ctx: BlockContext,
  subnet: Subnet,
  source: PermitReading,
  at: 'block' | 'parent',
): Reading<void> {
  if (!tellsEpochs(ctx)) return
  const result = yield* readAll([{ item: validatorPermit, keys: [[subnet.netuid]] }], at)
  if (!result) return
  const [column] = result
  if (!column) {
    ctx.undecoded(subnet, 'storage', validatorPermit.id, 'unknown shape', null, {})
    return
  }
  const uids = (column[0] ?? []).flatMap((isPermitted, uid) => (isPermitted ? [uid] : []))
  const before = subnet.permits
  const gained = uids.filter((uid) => !before?.has(uid))
  const lost = [...(before ?? [])].filter((uid) => !uids.includes(uid)).sort((a, b) => a - b)
  if (before && gained.length === 0 && lost.length === 0) return
  const hotkeys = uids.map((uid) => subnet.holders[uid]?.hotkey ?? null)
  ctx.emit(subnet, 'ValidatorPermitsChanged', { uids, hotkeys, gained, lost, source }, {})
}
