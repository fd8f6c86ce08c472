import { Type } from '@sinclair/typebox'
import { emitU16 } from '../../mechanisms/emit-u16'
import type { Mechanism } from '../../mechanisms/mechanism'
import { checkPolicy } from '../../mechanisms/read-policy'

export interface TreeView {
  readonly height: number
  /** Hotkeys as hex. */
  readonly trees: readonly { readonly hotkey: string; readonly uid: number; readonly heightMm: number }[]
}

export interface TreePolicy {
  readonly id: string
  readonly effectiveFromBlock: number
  /** Share of the tallest tree; the rest is burned. */
  readonly winnerShare: number
  readonly burnUid: number
}

const Schema = Type.Object(
  {
    id: Type.String(),
    effectiveFromBlock: Type.Integer({ minimum: 0 }),
    winnerShare: Type.Number({ minimum: 0, maximum: 1 }),
    burnUid: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
)

/** The tallest tree takes the winner's share; of equal ones the first that was measured. */
export const trees: Mechanism<TreeView, TreePolicy> = {
  name: 'trees',
  defaultPolicy: { id: 'trees/1', effectiveFromBlock: 0, winnerShare: 0.9, burnUid: 0 },
  readPolicy(json) {
    checkPolicy('trees', Schema, json, () => undefined)
    return json as TreePolicy
  },
  decide({ height, trees: measured }, { id: policyId, winnerShare, burnUid }) {
    const tallest = measured.reduce<TreeView['trees'][number] | undefined>(
      (best, tree) => (best && best.heightMm >= tree.heightMm ? best : tree),
      undefined,
    )
    const base = { policyId, height, evidence: { measured } }
    if (!tallest) {
      return { ...base, outcome: 'no_trees', weights: [], burn: 0, u16: { uids: [], values: [] } }
    }
    const { hotkey, uid } = tallest
    const burn = 1 - winnerShare
    const u16 = emitU16([burnUid, uid], [burn, winnerShare])
    return { ...base, outcome: 'weights', weights: [{ hotkey, uid, share: winnerShare }], burn, u16 }
  },
}
