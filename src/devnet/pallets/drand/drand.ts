import type { BlockContext, Pallet, RuntimeCall } from '../dispatch'
import { DispatchFailure } from '../dispatch'
import { Beacon, type Pulse } from './beacon'

/** drand's quicknet gives a pulse every three seconds; a block takes twelve. */
export const ROUNDS_PER_BLOCK = 4n
/** Blocks between two pulses that nobody waits for. */
const PULSE_PERIOD_BLOCKS = 5
/** The round at block 0. */
export const FIRST_ROUND = 1_000n

/** Last round that is known when a block of this height is made. */
export const roundAt = (height: number): bigint => FIRST_ROUND + BigInt(height) * ROUNDS_PER_BLOCK

/**
 * Stores the beacon's pulses by an unsigned extrinsic, as Subtensor's off-chain worker does. Only rounds that somebody
 * waits for are stored, and every few blocks the last one: signatures are dear, and nobody asks for the others. So a round
 * that is past already when it is first waited for is stored late, where the real chain has it by then.
 */
export function drandPallet(seed: number, awaited: (context: BlockContext) => readonly bigint[]): Pallet {
  const beacon = new Beacon(seed)
  return {
    name: 'Drand',
    unsignedCalls: ['write_pulse'],
    genesis: (storage) => storage.put('Drand.LastStoredRound', [], FIRST_ROUND),
    inherents(context) {
      if (!context.knowsCall('Drand.write_pulse')) return []
      const now = roundAt(context.height)
      const due = awaited(context).filter((it) => it <= now && !context.storage.has('Drand.Pulses', it))
      const isTime = context.height % PULSE_PERIOD_BLOCKS === 0
      const rounds = [...new Set(isTime ? [...due, now] : due)].sort((a, b) => (a < b ? -1 : 1))
      if (rounds.length === 0) return []
      return [
        writePulse(
          rounds.map((round) => pulseOf(beacon, round)),
          context.height,
        ),
      ]
    },
    calls: {
      write_pulse(context, { pulsesPayload }) {
        const { storage } = context
        const rounds: bigint[] = []
        for (const pulse of pulsesPayload.pulses as Pulse[]) {
          if (storage.has('Drand.Pulses', pulse.round)) {
            throw new DispatchFailure('Drand', 'InvalidRoundNumber')
          }
          if (pulseOf(beacon, pulse.round).signature !== pulse.signature) {
            throw new DispatchFailure('Drand', 'PulseVerificationError')
          }
          storage.put('Drand.Pulses', [pulse.round], pulse)
          storage.mutate<bigint>('Drand.LastStoredRound', [], (last) =>
            pulse.round > last ? pulse.round : last,
          )
          rounds.push(pulse.round)
        }
        context.deposit('Drand.NewPulse', { rounds })
      },
    },
  }
}

const pulses = new WeakMap<Beacon, Map<bigint, Pulse>>()
const MAX_KEPT_PULSES = 4096

function pulseOf(beacon: Beacon, round: bigint): Pulse {
  const known = pulses.get(beacon) ?? new Map<bigint, Pulse>()
  pulses.set(beacon, known)
  const pulse = known.get(round) ?? beacon.pulse(round)
  if (known.size >= MAX_KEPT_PULSES) known.clear()
  known.set(round, pulse)
  return pulse
}

function writePulse(list: readonly Pulse[], blockNumber: number): RuntimeCall {
  const publicKey = { __kind: 'Sr25519', value: `0x${'00'.repeat(32)}` }
  return {
    __kind: 'Drand',
    value: {
      __kind: 'write_pulse',
      pulsesPayload: { blockNumber, pulses: list, public: publicKey },
      signature: undefined,
    },
  }
}
