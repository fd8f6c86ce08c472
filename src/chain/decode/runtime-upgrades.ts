import type { Subnet } from '../state/subnet'
import type { BlockContext } from './context'
import { adopt, readTable } from './reconcile'
import type { Reading } from './storage-read'

/** The first block that the new runtime executed: its migrations ran before anything else in it. */
export function upgraded(ctx: BlockContext): boolean {
  return ctx.block.previousSpec !== ctx.spec
}

export function announceUpgrade(ctx: BlockContext): void {
  for (const netuid of ctx.state.live()) {
    const subnet = ctx.state.get(netuid)!
    ctx.emit(subnet, 'RuntimeUpgraded', { from: ctx.block.previousSpec, to: ctx.spec }, {})
  }
}

/**
 * Migrations edit storage without events. After the upgrade's first block each subnet's table is compared with the
 * chain's; differences become the events that explain them, together with an `Undecoded` alarm.
 */
export function* auditAfterUpgrade(ctx: BlockContext): Reading<void> {
  for (const netuid of ctx.state.live()) {
    const subnet = ctx.state.get(netuid)!
    const table = yield* readTable(netuid)
    if (!table) continue
    ctx.doubtPermits(netuid, 'storage')
    const differing = yield* adopt(ctx, subnet, table, table.hotkeys.length, {})
    if (differing > 0) alarm(ctx, subnet, `${differing} holders differ from storage after the upgrade`)
    const wrong = startsThatDiffer(subnet, table.registeredAt)
    if (wrong > 0) alarm(ctx, subnet, `${wrong} registration heights differ from storage after the upgrade`)
  }
}

const startsThatDiffer = (subnet: Subnet, registeredAt: readonly number[]) =>
  subnet.holders.filter((h, uid) => h && h.registeredAt !== registeredAt[uid]).length

function alarm(ctx: BlockContext, subnet: Subnet, reason: string): void {
  ctx.undecoded(subnet, 'storage', 'SubtensorModule.Keys', reason, null, {})
}
