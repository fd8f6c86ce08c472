import type { EventDraft, Hex } from './envelope'

export interface SampleOptions {
  readonly netuid?: number
  /** Number of the first event; the n-th event is always the same. */
  readonly from?: number
  readonly eventsPerBlock?: number
  /** Height of the block that holds event 0. */
  readonly startHeight?: number
}

const EVENTS_PER_BLOCK_DEFAULT = 10
const START_HEIGHT_DEFAULT = 100
const BLOCK_TIME_MS = 12_000
const FIRST_BLOCK_TIME_MS = 1_763_000_000_123
const HOTKEYS = 256

/** 32 bytes that look random and depend on `n` alone. */
export function sampleHash(n: number): Hex {
  let text = '0x'
  for (let word = 0; word < 8; word++) {
    const mixed = Math.imul(n * 8 + word + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca6b >>> word)
    text += (mixed >>> 0).toString(16).padStart(8, '0')
  }
  return text
}

/** Commitments as miners make them, with a registration now and then: for tests and measurements. */
export function sampleDrafts(count: number, options: SampleOptions = {}): EventDraft[] {
  const from = options.from ?? 0
  return Array.from({ length: count }, (_, i) => sampleDraft(from + i, options))
}

function sampleDraft(n: number, options: SampleOptions): EventDraft {
  const eventsPerBlock = options.eventsPerBlock ?? EVENTS_PER_BLOCK_DEFAULT
  const block = Math.floor(n / eventsPerBlock)
  const height = (options.startHeight ?? START_HEIGHT_DEFAULT) + block
  const hotkey = sampleHash(n % HOTKEYS)
  const place = {
    log: 'chain' as const,
    netuid: options.netuid ?? 122,
    subnetInstance: 3,
    height,
    blockHash: sampleHash(1_000_000 + height),
    blockTime: FIRST_BLOCK_TIME_MS + block * BLOCK_TIME_MS,
    extrinsicIndex: 1 + (n % eventsPerBlock),
    callPath: n % 3 === 0 ? [1, 0] : [],
    eventIndex: 3 + 4 * (n % eventsPerBlock),
    actor: hotkey,
  }
  return n % 16 === 15 ? registration(place, n, hotkey) : commitment(place, n, hotkey)
}

type PlaceOfEvent = Omit<EventDraft, 'type' | 'payload'>

function commitment(place: PlaceOfEvent, n: number, hotkey: Hex): EventDraft<'Committed'> {
  return {
    ...place,
    type: 'Committed',
    payload: {
      who: hotkey,
      uid: n % HOTKEYS,
      lineage: hotkey,
      fields: [{ kind: 'Raw42', bytes: `${sampleHash(n)}${'3a'.repeat(10)}`, revealRound: null }],
      contentHash: sampleHash(2_000_000 + n),
      source: 'call',
    },
  }
}

function registration(place: PlaceOfEvent, n: number, hotkey: Hex): EventDraft<'NeuronRegistered'> {
  return {
    ...place,
    type: 'NeuronRegistered',
    payload: {
      uid: n % HOTKEYS,
      hotkey,
      coldkey: sampleHash(3_000_000 + n),
      lineage: hotkey,
      registeredAt: place.height,
      replaced: null,
      source: 'event',
    },
  }
}
