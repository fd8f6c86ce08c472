import { createHash } from 'node:crypto'
import type { EventType, PayloadOf } from '../log/catalogue'
import type { EventDraft } from '../log/envelope'
import { blockHashOf } from './test-api'
import { accountOf } from './test-drafts'

export const A = accountOf(0xa)
export const B = accountOf(0xb)
export const C = accountOf(0xc)
export const D = accountOf(0xd)
/** A's later hotkey. */
export const E = accountOf(0xe)

const hexOf = (bytes: Buffer | string) => `0x${Buffer.from(bytes).toString('hex')}`
export const sha256 = (bytes: Buffer | string) => `0x${createHash('sha256').update(bytes).digest('hex')}`

/** Markup, NUL, bytes that are no UTF-8, and a character that turns the text around. */
export const hostileBytes = Buffer.concat([
  Buffer.from('<script>alert(document.cookie)</script>\u202e'),
  Buffer.from([0x00, 0xff, 0xc3, 0x28]),
])

let eventIndex = 0
function event<T extends EventType>(
  height: number,
  type: T,
  payload: PayloadOf<T>,
  actor?: string,
): EventDraft<T> {
  eventIndex += 1
  return {
    log: 'chain',
    netuid: 122,
    subnetInstance: 1,
    type,
    height,
    blockHash: blockHashOf(height),
    blockTime: 1_700_000_000_000 + height * 12_000,
    extrinsicIndex: 2,
    eventIndex,
    ...(actor && { actor }),
    payload,
  }
}

const registered = (height: number, uid: number, hotkey: string, replaced: string | null = null) =>
  event(height, 'NeuronRegistered', {
    uid,
    hotkey,
    coldkey: accountOf(0xc01d),
    lineage: hotkey,
    registeredAt: height,
    replaced,
    source: 'event',
  })

const committed = (height: number, who: string, uid: number | null, content: Buffer | string) =>
  event(
    height,
    'Committed',
    {
      who,
      uid,
      lineage: who,
      fields: [{ kind: `Raw${Buffer.from(content).byteLength}`, bytes: hexOf(content), revealRound: null }],
      contentHash: sha256(content),
      source: 'call',
    },
    who,
  )

const timelocked = event(
  4,
  'CommitmentTimelocked',
  {
    who: B,
    uid: 1,
    lineage: B,
    fields: [{ kind: 'TimelockEncrypted', bytes: '0xdeadbeef', revealRound: '99' }],
    contentHash: sha256(''),
    source: 'call',
    revealRound: '99',
  },
  B,
)

/** Of B, for A and a uid that nobody holds. */
const weightsSet = (height: number, raw: readonly [number, number]) =>
  event(
    height,
    'WeightsSet',
    {
      mechanism: 0,
      uid: 1,
      hotkey: B,
      source: 'set',
      values: 'call',
      versionKey: '18446744073709551615',
      uids: [0, 7],
      hotkeys: [A, null],
      raw: [...raw],
      u16: [32768, 65535],
    },
    B,
  )

/** Netuid 122 from its registration on, in the order of the chain; the index in this list is the `seq`. */
export const scenario: readonly EventDraft[] = [
  event(1, 'SubnetRegistered', { modality: 0, ownerColdkey: null, ownerHotkey: null, source: 'event' }),
  registered(2, 0, A),
  registered(3, 1, B),
  registered(3, 2, C),
  timelocked,
  committed(5, A, 0, 'alpha'),
  committed(6, C, 2, 'gamma'),
  event(7, 'TenureEnded', { uid: 2, hotkey: C, registeredAt: 3, reason: 'replaced', weightsCleared: true }),
  registered(7, 2, D, C),
  event(8, 'CommitmentRevealed', {
    who: B,
    uid: 1,
    lineage: B,
    plaintext: hexOf('alpha'),
    contentHash: sha256('alpha'),
    commitment: { height: 4, eventIndex: timelocked.eventIndex! },
    revealRound: '99',
  }),
  committed(9, A, 0, 'beta'),
  committed(10, D, 2, hostileBytes),
  weightsSet(11, [1, 2]),
  weightsSet(12, [2, 4]),
]

export const SCENARIO_HEIGHT = 12
