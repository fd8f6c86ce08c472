import { u8aToHex } from '@polkadot/util'
import { decodeAddress } from '@polkadot/util-crypto'
import { SPEC_NAME } from '../../metadata'
import { inclusionFeeRao } from '../fees'
import { blockAt, hexBytes, invalidParams, type Methods, type RpcContext, text } from './method'

const CHAIN_NAME = 'Subledger Devnet'
const VERSION = '0.1.0-devnet'

export function systemMethods(context: RpcContext): Methods {
  const { node } = context
  const accountNextIndex: Methods[string] = ([address]) => {
    const account = accountId(text(address, 'address'))
    return node.pool.nextNonce(account, node.nonceOf(account))
  }
  return {
    system_chain: () => CHAIN_NAME,
    system_name: () => SPEC_NAME,
    system_version: () => VERSION,
    system_chainType: () => 'Development',
    system_properties: () => ({ ss58Format: 42, tokenDecimals: 9, tokenSymbol: 'TAO', isEthereum: false }),
    system_health: () => ({ peers: 0, isSyncing: false, shouldHavePeers: false }),
    system_syncState: () => ({
      startingBlock: 0,
      currentBlock: node.chain.head.height,
      highestBlock: node.chain.head.height,
    }),
    system_peers: () => [],
    system_localPeerId: () => '12D3KooWDevnetDevnetDevnetDevnetDevnetDevnetDevnetDe',
    system_localListenAddresses: () => [],
    system_nodeRoles: () => ['Authority'],
    system_accountNextIndex: accountNextIndex,
    account_nextIndex: accountNextIndex,
    ...paymentMethods(context),
  }
}

function paymentMethods(context: RpcContext): Methods {
  const lengthOf = (extrinsic: unknown) => (hexBytes(extrinsic, 'extrinsic').length - 2) / 2
  return {
    payment_queryInfo: ([extrinsic, at]) => {
      blockAt(context, at)
      return {
        weight: { ref_time: 0, proof_size: 0 },
        class: 'normal',
        partialFee: inclusionFeeRao(lengthOf(extrinsic)).toString(),
      }
    },
    payment_queryFeeDetails: ([extrinsic, at]) => {
      blockAt(context, at)
      const length = lengthOf(extrinsic)
      return {
        inclusionFee: {
          baseFee: `0x${inclusionFeeRao(0).toString(16)}`,
          lenFee: `0x${(inclusionFeeRao(length) - inclusionFeeRao(0)).toString(16)}`,
          adjustedWeightFee: '0x0',
        },
      }
    },
  }
}

/** An SS58 address or the key itself, as hex. */
function accountId(address: string): string {
  try {
    return u8aToHex(decodeAddress(address))
  } catch {
    throw invalidParams('not an account')
  }
}
