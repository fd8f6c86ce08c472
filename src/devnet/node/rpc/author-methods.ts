import type { RpcSession } from '../../../rpc/server'
import { hexBytes, type Methods, type RpcContext } from './method'

export function authorMethods(context: RpcContext): Methods {
  const { node, subscriptions } = context
  const submitAndWatch = ([extrinsic]: readonly unknown[], session: RpcSession) => {
    const submitted = node.submit(hexBytes(extrinsic, 'extrinsic'))
    return subscriptions.open(
      session,
      'author_extrinsicUpdate',
      (notify) => node.watch.add(submitted.hash, notify),
      () => [node.isFuture(submitted) ? 'future' : 'ready'],
    )
  }
  const unwatch: Methods[string] = ([id]) => subscriptions.close(id)
  return {
    author_submitExtrinsic: ([extrinsic]) => node.submit(hexBytes(extrinsic, 'extrinsic')).hash,
    author_submitAndWatchExtrinsic: submitAndWatch,
    author_unwatchExtrinsic: unwatch,
    author_pendingExtrinsics: () => node.pool.all().map((it) => it.hex),
  }
}
