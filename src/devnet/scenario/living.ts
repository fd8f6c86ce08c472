import { bitrecs, newcomer } from './actors'
import { subtensor } from './calls'
import { lockedArtifact } from './commitments'
import { NEWCOMER_COMMIT_BLOCKS, NEWCOMER_PERIOD_BLOCKS } from './gist'
import type { Step } from './step'

/**
 * There is always something new to see on 122: a miner joins and commits its one gist. A hotkey may submit only once
 * (spec bitrecs.md §1.4), so that who has a better artifact comes with a new one.
 */
export const newcomers: Step = (context, locksmith) => {
  const { height, send, storage } = context
  const n = Math.floor(height / NEWCOMER_PERIOD_BLOCKS)
  const into = height % NEWCOMER_PERIOD_BLOCKS
  if (n === 0 || (into !== 0 && into !== NEWCOMER_COMMIT_BLOCKS)) return
  const { netuid } = bitrecs
  const { hotkey, coldkey } = newcomer(n)
  if (into === 0) {
    send(coldkey, subtensor('burned_register', { netuid, hotkey: hotkey.account }))
    // Its hotkey commits for free, but an account without balance cannot send at all.
    return
  }
  if (storage.get('SubtensorModule.Uids', netuid, hotkey.account) === undefined) return
  lockedArtifact(newcomer(n), `newcomer ${n}`)(context, locksmith)
}
