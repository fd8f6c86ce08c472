import { bitrecs } from './actors'
import { commit } from './calls'
import { bitrecsPayload } from './payload'
import type { Step } from './step'

const PERIOD_BLOCKS = 40
const REVEAL_BLOCKS = 3
const FROM_HEIGHT = 60

/** Miners of 122 go on improving their artifacts, so that there is always something new to see. */
export const newArtifacts: Step = ({ height, send, storage }, locksmith) => {
  if (height < FROM_HEIGHT || height % PERIOD_BLOCKS !== 0) return
  const { netuid, miners } = bitrecs
  const n = Math.floor(height / PERIOD_BLOCKS) % miners.length
  const miner = miners[n]!
  if (storage.get('SubtensorModule.Uids', netuid, miner.hotkey.account) === undefined) return
  const payload = bitrecsPayload(`artifact of ${miner.name} at block ${height}`)
  send(miner.hotkey, commit(netuid, locksmith.timelocked(payload, height, REVEAL_BLOCKS)))
}
