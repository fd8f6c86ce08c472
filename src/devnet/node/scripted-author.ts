import { u8aToHex } from '@polkadot/util'
import type { AuthorContext } from './author'
import { encodeBare } from './extrinsic'
import type { DevnetNode } from './node'
import { signExtrinsic } from './signer'

/** The node as a scenario sees it before its next block. */
export function authorContext(node: DevnetNode): AuthorContext {
  const { spec, storage } = node
  return {
    height: node.chain.head.height + 1,
    specVersion: spec.specVersion,
    storage,
    knowsCall: (call) => spec.runtime.hasCall(call),
    encodeCall: (call) => u8aToHex(spec.runtime.encodeCall(call as never)),
    send(signer, call) {
      const nonce = node.pool.nextNonce(signer.account, node.nonceOf(signer.account))
      return node.submit(signExtrinsic(spec, signer, call, nonce, node.chain.genesis.hash), true).hash
    },
    sendUnsigned: (call) => node.submit(encodeBare(spec.runtime, call), true).hash,
  }
}
