import type { EventDraft } from '../log/envelope'
import { blockHashOf } from './test-api'

export const accountOf = (number: number) => `0x${number.toString(16).padStart(64, '0')}`

/** A registration as the decoder would log it; its event index is its uid. */
export function registrationDraft(of: { height: number; uid: number; hotkey?: string }): EventDraft {
  const hotkey = of.hotkey ?? accountOf(of.uid + 1)
  return {
    log: 'chain',
    netuid: 122,
    subnetInstance: 1,
    type: 'NeuronRegistered',
    height: of.height,
    blockHash: blockHashOf(of.height),
    blockTime: 1_700_000_000_000 + of.height * 12_000,
    extrinsicIndex: 1,
    eventIndex: of.uid,
    actor: hotkey,
    payload: {
      uid: of.uid,
      hotkey,
      coldkey: null,
      lineage: hotkey,
      registeredAt: of.height,
      replaced: null,
      source: 'event',
    },
  }
}
