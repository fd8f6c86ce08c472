import { type DispatchContext, ensureSigned } from '../dispatch'
import { ensure } from './failures'
import { uidOf } from './neurons'

interface Axon {
  readonly netuid: number
  readonly version: number
  readonly ip: bigint
  readonly port: number
  readonly ipType: number
  readonly protocol: number
  readonly placeholder1: number
  readonly placeholder2: number
}

const V4 = 4
const V6 = 6
const FIRST_V6 = 2n ** 32n

/** Says where a neuron serves. Rate limits are not modelled. Public source: `pallets/subtensor/src/subnets/serving.rs`. */
export function serveAxon(context: DispatchContext, { netuid, ...axon }: Axon): void {
  const who = ensureSigned(context)
  ensure(uidOf(context.storage, netuid, who) !== undefined, 'HotKeyNotRegisteredInNetwork')
  ensure(axon.ipType === V4 || axon.ipType === V6, 'InvalidIpType')
  ensure(axon.ip > 0n && (axon.ipType === V4) === axon.ip < FIRST_V6, 'InvalidIpAddress')
  ensure(axon.port !== 0, 'InvalidPort')
  const item = [netuid, who]
  context.storage.put('SubtensorModule.Axons', item, { block: BigInt(context.height), ...axon })
  context.deposit('SubtensorModule.AxonServed', item)
}
