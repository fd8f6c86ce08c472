import { Type } from '@sinclair/typebox'
import { Account, event } from '../../log/events/define'

/** One miner reports how tall its tree is, in millimetres. */
export const treeEvents = {
  TreeMeasured: event(1, {
    hotkey: Account,
    heightMm: Type.Integer({ minimum: 0 }),
    at: Type.Integer({ minimum: 0 }),
  }),
}
