import { compactToU8a, hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import type { RecordedBlock } from '../../chain/recording/recorded-block'
import { extrinsicsRoot, headerHash, quantity, slotDigest } from '../../devnet/node/block'
import { EventLog } from '../../devnet/node/event-log'
import { encodeBare } from '../../devnet/node/extrinsic'
import { type RuntimeSpec, runtimeSpec } from '../../devnet/node/runtime-spec'

/** Spec version of every synthetic block. */
export const SYNTHETIC_SPEC = 424

export const SYNTHETIC_NETUIDS = [67, 94, 122]
const MINERS = 64
const REGISTRATIONS_PER_BLOCK = 8
const COMMITMENTS_PER_BLOCK = 2
const REMARKS_PER_BLOCK = 3
const WEIGHTS_EVERY_BLOCKS = 4
const WEIGHTS_LENGTH = 16
const BLOCK_TIME_MS = 12_000
const GENESIS_TIME_MS = 1_735_689_600_000
const ZERO_HASH = `0x${'00'.repeat(32)}`

type Args = Record<string, unknown>

/**
 * A chain that was never executed, for figures only: three subnets, 64 miners that commit and validators that
 * set weights, among calls of no interest. Signatures are dummies. The same for every run.
 */
export function* syntheticBlocks(count: number): Generator<RecordedBlock> {
  const spec = runtimeSpec(SYNTHETIC_SPEC)
  let parentHash = ZERO_HASH
  for (let height = 0; height < count; height += 1) {
    const body = height === 0 ? { extrinsics: [], events: null } : new BlockBody(spec, height).build()
    const header = {
      parentHash,
      number: quantity(height),
      stateRoot: blake2AsHex(`state ${height}`, 256),
      extrinsicsRoot: extrinsicsRoot(body.extrinsics),
      digest: { logs: [slotDigest(height)] },
    }
    const hash = headerHash(header)
    yield { height, hash, spec: SYNTHETIC_SPEC, header, ...body }
    parentHash = hash
  }
}

class BlockBody {
  private readonly extrinsics: string[] = []
  private readonly events: EventLog

  constructor(
    private readonly spec: RuntimeSpec,
    private readonly height: number,
  ) {
    this.events = new EventLog(spec)
  }

  build(): { extrinsics: string[]; events: string } {
    this.applyBare('Timestamp', 'set', { now: BigInt(GENESIS_TIME_MS + this.height * BLOCK_TIME_MS) })
    if (this.height === 1) this.registerNetworks()
    else if (this.height <= 1 + MINERS / REGISTRATIONS_PER_BLOCK) this.registerMiners()
    else this.applyDailyCalls()
    return { extrinsics: this.extrinsics, events: this.events.encode() }
  }

  private registerNetworks(): void {
    for (const netuid of SYNTHETIC_NETUIDS) {
      const owner = account(`owner ${netuid}`)
      this.applySigned(owner, 'SubtensorModule', 'register_network', { hotkey: owner }, () =>
        this.events.deposit('SubtensorModule.NetworkAdded', [netuid, 0]),
      )
    }
  }

  private registerMiners(): void {
    const first = (this.height - 2) * REGISTRATIONS_PER_BLOCK
    for (let miner = first; miner < first + REGISTRATIONS_PER_BLOCK; miner += 1) {
      for (const netuid of SYNTHETIC_NETUIDS) {
        const hotkey = hotkeyOf(miner)
        this.applySigned(
          account(`coldkey ${miner}`),
          'SubtensorModule',
          'burned_register',
          { netuid, hotkey },
          () => this.events.deposit('SubtensorModule.NeuronRegistered', [netuid, miner + 1, hotkey]),
        )
      }
    }
  }

  private applyDailyCalls(): void {
    const { height } = this
    for (let i = 0; i < COMMITMENTS_PER_BLOCK; i += 1) {
      const miner = (height * COMMITMENTS_PER_BLOCK + i) % MINERS
      const netuid = SYNTHETIC_NETUIDS[height % SYNTHETIC_NETUIDS.length]!
      this.commit(
        netuid,
        hotkeyOf(miner),
        `{"model":"miner-${miner}/run-${height}","revision":"${height * 7919}"}`,
      )
    }
    if (height % WEIGHTS_EVERY_BLOCKS === 0)
      this.setWeights(SYNTHETIC_NETUIDS[height % SYNTHETIC_NETUIDS.length]!, height % MINERS)
    for (let i = 0; i < REMARKS_PER_BLOCK; i += 1) {
      const remark = u8aToHex(Buffer.from(`remark ${height} ${i}`.padEnd(64, '.')))
      this.applySigned(account(`stranger ${i}`), 'System', 'remark', { remark }, () => {})
    }
  }

  private commit(netuid: number, who: string, text: string): void {
    const value = u8aToHex(Buffer.from(text))
    const info = { fields: [{ __kind: `Raw${Buffer.byteLength(text)}`, value }] }
    this.applySigned(who, 'Commitments', 'set_commitment', { netuid, info }, () =>
      this.events.deposit('Commitments.Commitment', { netuid, who }),
    )
  }

  private setWeights(netuid: number, validator: number): void {
    const dests = Array.from({ length: WEIGHTS_LENGTH }, (_, i) => (validator + i) % MINERS)
    const weights = dests.map((_, i) => 65_535 - ((this.height * 31 + i * 977) % 60_000))
    const args = { netuid, dests, weights, versionKey: 1n }
    this.applySigned(hotkeyOf(validator), 'SubtensorModule', 'set_weights', args, () =>
      this.events.deposit('SubtensorModule.WeightsSet', [netuid, validator + 1]),
    )
  }

  private applyBare(pallet: string, call: string, args: Args): void {
    this.begin(encodeBare(this.spec.runtime, { __kind: pallet, value: { __kind: call, ...args } }))
    this.succeed('Mandatory')
  }

  private applySigned(signer: string, pallet: string, call: string, args: Args, deposit: () => void): void {
    const encoded = this.spec.runtime.encodeCall({
      __kind: pallet,
      value: { __kind: call, ...args },
    } as never)
    this.begin(signedExtrinsic(signer, this.height, encoded))
    this.events.deposit('Balances.Withdraw', { who: signer, amount: 1_000n })
    deposit()
    this.events.deposit('TransactionPayment.TransactionFeePaid', { who: signer, actualFee: 1_000n, tip: 0n })
    this.succeed('Normal')
  }

  private begin(extrinsic: string): void {
    this.events.phase = { __kind: 'ApplyExtrinsic', value: this.extrinsics.length }
    this.extrinsics.push(extrinsic)
  }

  private succeed(dispatchClass: 'Normal' | 'Mandatory'): void {
    const weight = { refTime: 1_000n, proofSize: 0n }
    const dispatchInfo = { weight, class: { __kind: dispatchClass }, paysFee: { __kind: 'Yes' } }
    this.events.deposit('System.ExtrinsicSuccess', { dispatchInfo })
  }
}

const SIGNED_V4 = 0x84
const DUMMY_SIGNATURE = new Uint8Array(64).fill(1)

/** Address id, sr25519 signature, immortal era, nonce, no tip, no metadata hash, call. */
function signedExtrinsic(signer: string, nonce: number, call: Uint8Array): string {
  const body = u8aConcat(
    Uint8Array.of(SIGNED_V4, 0),
    hexToU8a(signer),
    Uint8Array.of(1),
    DUMMY_SIGNATURE,
    Uint8Array.of(0),
    compactToU8a(nonce),
    compactToU8a(0),
    Uint8Array.of(0),
    call,
  )
  return u8aToHex(u8aConcat(compactToU8a(body.length), body))
}

const account = (name: string): string => blake2AsHex(name, 256)
const hotkeys = Array.from({ length: MINERS }, (_, i) => account(`hotkey ${i}`))
const hotkeyOf = (miner: number): string => hotkeys[miner]!
