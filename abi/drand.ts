import { blake, callsOf, eventsOf, since, storageOf } from './item'
import { bytes, fixedBytes, option, sequence, struct, u32, u64, variant } from './shape'

const source = 'pallets/drand/src/lib.rs'
const types = ['pallet_drand', 'types']

const pulse = struct({ round: u64, randomness: bytes, signature: bytes }, [...types, 'Pulse'])

type Key = { readonly __kind: 'Ed25519' | 'Sr25519' | 'Ecdsa'; readonly value: string }

const signer = variant<Key>(['sp_runtime', 'MultiSigner'], {
  Ed25519: { index: 0, shape: fixedBytes(32) },
  Sr25519: { index: 1, shape: fixedBytes(32) },
  Ecdsa: { index: 2, shape: fixedBytes(33) },
})

const signature = variant<Key>(['sp_runtime', 'MultiSignature'], {
  Ed25519: { index: 0, shape: fixedBytes(64) },
  Sr25519: { index: 1, shape: fixedBytes(64) },
  Ecdsa: { index: 2, shape: fixedBytes(65) },
})

/** Rounds newly stored; their timelocks open in the next block's initialization. */
export const newPulse = eventsOf(source)(
  'Drand',
  'NewPulse',
  1,
  since(218, struct({ rounds: sequence(u64) })),
)

export const writePulse = callsOf(source)(
  'Drand',
  'write_pulse',
  0,
  since(
    218,
    struct({
      pulsesPayload: struct({ blockNumber: u32, pulses: sequence(pulse), public: signer }, [
        ...types,
        'PulsesPayload',
      ]),
      signature: option(signature),
    }),
  ),
)

const storage = storageOf(source)
export const pulses = storage('Drand', 'Pulses', 'Optional', [blake(u64)], [since(218, pulse)])
export const lastStoredRound = storage('Drand', 'LastStoredRound', 'Default', [], [since(218, u64)])
export const oldestStoredRound = storage('Drand', 'OldestStoredRound', 'Default', [], [since(346, u64)])
