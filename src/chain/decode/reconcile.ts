import { blockAtRegistration, keys, owner, subnetworkN } from '../../../abi/registrations'
import type { Holder, Subnet } from '../state/subnet'
import type { BlockContext, Position } from './context'
import { someone } from './snapshot'
import { type Reading, readAll, readOne } from './storage-read'

/** What the chain's own table says after this block. */
interface Table {
  readonly hotkeys: readonly (string | null)[]
  readonly registeredAt: readonly number[]
}

export function* readTable(netuid: number): Reading<Table | undefined> {
  const size = yield* readOne(subnetworkN, [netuid])
  if (size === undefined) return undefined
  const slots = Array.from({ length: size }, (_, uid) => [netuid, uid])
  const table = yield* readAll([
    { item: keys, keys: slots },
    { item: blockAtRegistration, keys: slots },
  ])
  if (!table?.[0]) return undefined
  return {
    hotkeys: table[0].map(someone),
    registeredAt: slots.map((_, uid) => Number(table[1]?.[uid] ?? 0)),
  }
}

/**
 * Makes our table the chain's: ends the tenures of those who are gone, moves those whose uid changed, opens
 * tenures for those who are new. Nothing is written where nothing differs.
 * @returns how many holders differed
 */
export function* adopt(
  ctx: BlockContext,
  subnet: Subnet,
  table: Table,
  maxUids: number,
  at: Position,
): Reading<number> {
  const uidNow = new Map(table.hotkeys.flatMap((h, uid) => (h === null ? [] : [[h, uid] as const])))
  const before = subnet.holders.slice()
  const gone = holdersOf(before).filter(([, h]) => !uidNow.has(h.hotkey))
  for (const [uid, { hotkey, registeredAt }] of gone) {
    ctx.emit(
      subnet,
      'TenureEnded',
      { uid, hotkey, registeredAt, reason: 'trimmed', weightsCleared: true },
      at,
    )
  }
  const moved = holdersOf(before).flatMap(([from, { hotkey, registeredAt }]) => {
    const to = uidNow.get(hotkey)
    return to === undefined || to === from ? [] : [{ from, to, hotkey, registeredAt }]
  })
  if (moved.length > 0 || gone.length > 0) ctx.emit(subnet, 'UidsTrimmed', { maxUids, moved }, at)
  const known = new Set(holdersOf(before).map(([, h]) => h.hotkey))
  let opened = 0
  for (const [hotkey, uid] of uidNow) {
    if (known.has(hotkey)) continue
    yield* openTenure(ctx, subnet, uid, hotkey, table.registeredAt[uid]!, at)
    opened++
  }
  return gone.length + moved.length + opened
}

const holdersOf = (holders: readonly (Holder | undefined)[]): (readonly [number, Holder])[] =>
  [...holders.entries()].flatMap(([uid, h]) => (h ? [[uid, h] as const] : []))

function* openTenure(
  ctx: BlockContext,
  subnet: Subnet,
  uid: number,
  hotkey: string,
  registeredAt: number,
  at: Position,
): Reading<void> {
  const coldkey = someone(yield* readOne(owner, [hotkey]))
  ctx.emit(
    subnet,
    'NeuronRegistered',
    {
      uid,
      hotkey,
      coldkey,
      lineage: subnet.lineageOf(hotkey),
      registeredAt,
      replaced: null,
      source: 'snapshot',
    },
    at,
  )
}

/** Makes the table of a live subnet the chain's, where the chain's is to be had. */
export function* readAgain(ctx: BlockContext, netuid: number, at: Position): Reading<void> {
  const subnet = ctx.state.get(netuid)
  const table = subnet && (yield* readTable(netuid))
  if (!table) return
  yield* adopt(ctx, subnet, table, table.hotkeys.length, at)
  ctx.doubtPermits(netuid, 'storage')
}
