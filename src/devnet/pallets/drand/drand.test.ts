import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeBare } from '../../node/extrinsic'
import { commit } from '../../scenario/calls'
import { Locksmith } from '../../scenario/locksmith'
import { NETUID, person, register, TestChain } from '../test-chain'
import { Beacon } from './beacon'
import { roundAt } from './drand'

const ann = person('ann')
const beacon = new Beacon(TestChain.seed)

describe('the drand pallet on the devnet', () => {
  let chain: TestChain
  beforeEach(async () => {
    chain = await TestChain.start({ people: [ann] })
  })
  afterEach(() => chain.close())

  const pulse = (round: bigint, change: object = {}) => ({ ...beacon.pulse(round), ...change })
  const submit = (...pulses: object[]) => {
    const call = {
      __kind: 'Drand',
      value: {
        __kind: 'write_pulse',
        pulsesPayload: {
          blockNumber: chain.height + 1,
          pulses,
          public: { __kind: 'Sr25519', value: `0x${'00'.repeat(32)}` },
        },
        signature: undefined,
      },
    }
    return chain.devnet.submit(encodeBare(chain.devnet.node.spec.runtime, call as never))
  }
  const has = (round: bigint) => chain.devnet.node.storage.has('Drand.Pulses', round)

  it('stores a round that somebody waits for in the block in which it is there', async () => {
    await chain.must(ann.coldkey, register(ann.hotkey))
    const locked = new Locksmith(TestChain.seed).timelocked('x', chain.height + 1, 2)
    await chain.must(ann.hotkey, commit(NETUID, locked))
    const round = roundAt(chain.height + 2)
    await chain.advance(1)
    expect(has(round)).toBe(false)
    await chain.advance(1)
    expect(has(round)).toBe(true)
    expect(chain.get('Drand.LastStoredRound')).toBe(round)
    expect(chain.get('Drand.Pulses', round)).toEqual(beacon.pulse(round))
  })

  it('takes a pulse of the beacon without a signature, from anybody', async () => {
    submit(pulse(4_000n))
    await chain.advance(1)
    expect(has(4_000n)).toBe(true)
    expect(chain.get('Drand.LastStoredRound')).toBe(4_000n)
  })

  it('stores nothing of a pulse that the beacon did not sign', async () => {
    submit(pulse(4_000n), pulse(4_001n, { signature: beacon.pulse(4_002n).signature }))
    await chain.advance(1)
    expect(has(4_000n)).toBe(false)
    expect(has(4_001n)).toBe(false)
  })
})
