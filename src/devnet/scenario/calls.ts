import type { Data } from '../../../abi/commitments'
import type { RuntimeCall } from '../pallets/dispatch'

const call =
  (pallet: string) =>
  (name: string, args: Readonly<Record<string, unknown>> = {}): RuntimeCall =>
    ({ __kind: pallet, value: { __kind: name, ...args } }) as RuntimeCall

export const subtensor = call('SubtensorModule')
export const adminUtils = call('AdminUtils')
export const utility = call('Utility')
export const proxyCall = call('Proxy')
export const multisigCall = call('Multisig')
export const balancesCall = call('Balances')
export const shield = call('MevShield')

export const sudo = (inner: RuntimeCall): RuntimeCall => call('Sudo')('sudo', { call: inner })

export const id = (account: string) => ({ __kind: 'Id', value: account })

export const commit = (netuid: number, ...fields: Data[]): RuntimeCall =>
  call('Commitments')('set_commitment', { netuid, info: { fields } })

const RAW_MAX_BYTES = 128

/** Text or bytes as the smallest field that holds them. */
export function data(content: string | Uint8Array): Data {
  const bytes = Buffer.from(content as string)
  const value = `0x${bytes.toString('hex')}`
  return bytes.length <= RAW_MAX_BYTES ? { __kind: `Raw${bytes.length}`, value } : { __kind: 'BigRaw', value }
}
