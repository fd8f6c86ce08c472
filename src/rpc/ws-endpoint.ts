import type { WebSocket } from 'ws'
import { answerMessage, type RpcHandler } from './answer'
import type { RpcLimits } from './limits'
import { RawJson } from './raw-json'
import type { RpcSession } from './server'

/** Serves JSON-RPC on one WebSocket connection; calls run concurrently and are answered as they finish. */
export function serveWebSocket(socket: WebSocket, handle: RpcHandler, limits: RpcLimits): void {
  const send = (text: string): void => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > limits.maxUnsentBytes) socket.terminate()
    else socket.send(text)
  }
  const session = webSocketSession(socket, send)
  socket.on('error', () => socket.terminate())
  socket.on('message', (data) => {
    const answer = answerMessage(data.toString(), handle, session, limits.maxBatchCalls)
    if (answer instanceof Promise) void answer.then((text) => text !== undefined && send(text))
    else if (answer !== undefined) send(answer)
  })
}

function webSocketSession(socket: WebSocket, send: (text: string) => void): RpcSession {
  return {
    transport: 'ws',
    notify(method, subscription, result) {
      const resultText = result instanceof RawJson ? result.text : JSON.stringify(result ?? null)
      const id = JSON.stringify(subscription)
      send(
        `{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":{"subscription":${id},"result":${resultText}}}`,
      )
    },
    onClose: (listener) => socket.once('close', listener),
  }
}
