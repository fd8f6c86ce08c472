import { RpcError } from '../../rpc/rpc-error'

/** Codes and texts of a Substrate node's `author_submitExtrinsic`. */
const INVALID_TRANSACTION = 1010
const BAD_FORMAT = 1001
const ALREADY_IMPORTED = 1013
const POOL_FULL = 1016

export const badSignature = () => invalid('Transaction has a bad signature')
export const stale = () => invalid('Transaction is outdated')
export const cannotPay = () => invalid('Inability to pay some fees (e.g. account balance too low)')
export const notAllowed = () => invalid('Transaction call is not expected')

export const badFormat = (detail: string) =>
  new RpcError(BAD_FORMAT, `Extrinsic has invalid format: ${detail}`)

export const alreadyImported = (hash: string) =>
  new RpcError(ALREADY_IMPORTED, `Transaction is already imported: ${hash}`)

export const poolFull = () => new RpcError(POOL_FULL, 'Immediately Dropped: the pool is full')

function invalid(data: string): RpcError {
  return new RpcError(INVALID_TRANSACTION, 'Invalid Transaction', data)
}
