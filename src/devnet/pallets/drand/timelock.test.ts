import { bls12_381 } from '@noble/curves/bls12-381'
import { describe, expect, it } from 'vitest'
import { pointOfRound } from '../../../timelock/round-point'
import { lock, unlock } from '../../../timelock/timelock'
import { Beacon } from './beacon'

const bytes = (hex: string) => Buffer.from(hex.replace(/^0x/, ''), 'hex')
const ENTROPY = Buffer.alloc(64, 5)

/** drand's quicknet: its public key, and what it published for round 1000. */
const QUICKNET_KEY =
  '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a'
const QUICKNET_1000 =
  'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39'
/** Made once by the Python client: `bittensor_drand.encrypt_at_round(b"hi there", 1000)`, without its envelope. */
const OF_THE_CLIENT =
  'affecbfba0b1bdf3fe1d1a5587dc1dcaac10aac4b38d212bde7e6533e224600d5ba82dbe8945208896b854cf8a90a460151082fc73a2014be88ed5c2f95a83e4c7e2490f61bd76ec26071d3bac045aafcaade68a09c6fd911098f2a2c7585dc62000000000000000ed73e44d4d2d3cb8bdc6236048ac26f1f6f27b204777c0a0db33417981c6c1f320000000000000005c821b140edfff6717c650e0a74c7e842085f296e1f404c6b8db53645dba38473400000000000000180000000000000030f88f374549764ed07177a06300d018e10ca297bee19e4d0c00000000000000cffe7e98f2d40c6cbe5faea108000000000000004145535f47434d5f'

describe('timelock encryption', () => {
  const beacon = new Beacon(3)
  const signature = bytes(beacon.pulse(77n).signature)
  const locked = lock(Buffer.from('until then'), 77n, beacon.publicKey, ENTROPY)

  it('opens with the signature of its round, and the same entropy gives the same bytes', () => {
    expect(Buffer.from(unlock(locked, signature)!).toString()).toBe('until then')
    expect(lock(Buffer.from('until then'), 77n, beacon.publicKey, ENTROPY)).toEqual(locked)
  })

  it('does not open with another round’s signature, or another beacon’s', () => {
    expect(unlock(locked, bytes(beacon.pulse(78n).signature))).toBeUndefined()
    expect(unlock(locked, bytes(new Beacon(4).pulse(77n).signature))).toBeUndefined()
  })

  it.each([0, 100, 140, 190, 245])('does not open when byte %i of the ciphertext is another', (at) => {
    const damaged = Uint8Array.from(locked)
    damaged[at]! ^= 1
    expect(unlock(damaged, signature)).toBeUndefined()
  })

  it.each([0, 1, 95, 96, 104, 200])('does not open when only %i bytes are there', (length) => {
    expect(unlock(locked.subarray(0, length), signature)).toBeUndefined()
  })

  it('gives nothing for lengths that lie', () => {
    const lying = Uint8Array.from(locked)
    lying.fill(0xff, 96, 104)
    expect(unlock(lying, signature)).toBeUndefined()
  })

  it('opens what mainnet’s client locked for drand’s quicknet', () => {
    const { G1, G2 } = bls12_381
    const key = G2.ProjectivePoint.fromHex(QUICKNET_KEY)
    const point = G1.ProjectivePoint.fromHex(QUICKNET_1000)
    // The signature is quicknet's indeed: e(H(round), key) = e(signature, generator).
    expect(
      bls12_381.fields.Fp12.eql(
        bls12_381.pairing(pointOfRound(1000n), key),
        bls12_381.pairing(point, G2.ProjectivePoint.BASE),
      ),
    ).toBe(true)
    expect(Buffer.from(unlock(bytes(OF_THE_CLIENT), bytes(QUICKNET_1000))!).toString()).toBe('hi there')
  })

  it('locks for quicknet what its published signature opens', () => {
    const key = bls12_381.G2.ProjectivePoint.fromHex(QUICKNET_KEY)
    const text = Buffer.from('for mainnet')
    expect(unlock(lock(text, 1000n, key, ENTROPY), bytes(QUICKNET_1000))).toEqual(text)
  })
})
