import type { Aggregated, Miner } from './aggregate'
import type { BitrecsPolicy } from './policy'
import type { BitrecsView, UidHolder } from './view'

/**
 * Only those that still hold their uid may stand, so that nobody is paid for a predecessor's scores (spec §7, item 5; vectors
 * P16, P16b). The uid is the one held at the view's block, not the one written into the score rows.
 */
export function tenureGate(aggregated: Aggregated, view: BitrecsView, policy: BitrecsPolicy): Aggregated {
  if (policy.identity !== 'tenure' || !view.holders) return aggregated
  const uidOfHotkey = new Map(
    Object.entries(view.holders).map(([uid, holder]) => [holder.hotkey, Number(uid)]),
  )
  const miners: Miner[] = []
  const excluded = [...aggregated.excluded]
  for (const miner of aggregated.miners) {
    const uid = uidOfHotkey.get(miner.hotkey)
    if (uid !== undefined && isSameTenure(miner, view.holders[uid]!)) miners.push({ ...miner, uid })
    else
      excluded.push({
        key: miner.key,
        reason: uid === undefined ? 'hotkey not registered' : 'earlier tenure',
      })
  }
  return { ...aggregated, miners, excluded }
}

/** An unknown tenure on either side cannot contradict. */
function isSameTenure(miner: Miner, holder: UidHolder): boolean {
  return miner.tenure === undefined || holder.tenure === undefined || miner.tenure === holder.tenure
}
