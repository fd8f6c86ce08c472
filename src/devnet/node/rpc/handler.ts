import { setTimeout as delay } from 'node:timers/promises'
import { RpcError } from '../../../rpc/rpc-error'
import type { RpcRequest, RpcSession } from '../../../rpc/server'
import { authorMethods } from './author-methods'
import { callMethods } from './call-methods'
import { chainMethods } from './chain-methods'
import type { Methods, RpcContext } from './method'
import { stateMethods } from './state-methods'
import { systemMethods } from './system-methods'

const METHOD_NOT_FOUND = -32601

/** Everything that the devnet answers; `extra` for a method that a test or a later part adds. */
export function rpcHandler(
  context: RpcContext,
  extra: Methods = {},
): (request: RpcRequest, session: RpcSession) => unknown {
  const methods: Methods = {
    ...chainMethods(context),
    ...stateMethods(context),
    ...authorMethods(context),
    ...systemMethods(context),
    ...callMethods(context),
    ...extra,
    rpc_methods: () => ({ methods: Object.keys(methods).sort() }),
  }
  const answer = (request: RpcRequest, session: RpcSession): unknown => {
    const method = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
    if (!method) throw new RpcError(METHOD_NOT_FOUND, `Method not found: ${request.method}`)
    return method(request.params, session)
  }
  return (request, session) => {
    const { latencyMs } = context.faults
    // Without a delay the answer leaves in the same turn, which thousands of blocks a second need.
    if (latencyMs <= 0) return answer(request, session)
    return delay(latencyMs).then(() => answer(request, session))
  }
}
