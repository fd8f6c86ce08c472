import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { LedgerError } from '../errors/ledger-error'
import { serveHttp } from './http-endpoint'
import { DEFAULT_RPC_LIMITS, type RpcLimits } from './limits'
import type { RpcErrorBody } from './rpc-error'
import { serveWebSocket } from './ws-endpoint'

/** One client: a WebSocket connection, or a single HTTP request (which cannot be notified). */
export interface RpcSession {
  readonly transport: 'http' | 'ws'
  /** Sends `{jsonrpc, method, params: {subscription, result}}`. */
  notify(method: string, subscription: string, result: unknown): void
  onClose(listener: () => void): void
}

export interface RpcRequest {
  readonly method: string
  readonly params: readonly unknown[]
}

export interface RpcServerOptions {
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string
  /** 0 picks a free port. */
  readonly port: number
  readonly limits?: Partial<RpcLimits>
  /**
   * Result of the call; throw `RpcError` for a JSON-RPC error. A `RawJson` result is sent as it stands, and a
   * result that is not a promise is answered in the same turn of the event loop.
   */
  handle(request: RpcRequest, session: RpcSession): unknown | Promise<unknown>
}

export interface RpcServer {
  readonly port: number
  readonly httpUrl: string
  readonly wsUrl: string
  /** Cuts every open connection at once, as a failing network does. */
  dropConnections(): void
  close(): Promise<void>
}

/** @throws LedgerError SL-PORT-TAKEN when another process listens on the port already */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const limits: RpcLimits = { ...DEFAULT_RPC_LIMITS, ...options.limits }
  const host = options.host ?? '127.0.0.1'
  const http = createServer((request, response) => {
    serveHttp(request, response, options.handle, limits).catch(() => response.destroy())
  })
  const webSockets = new WebSocketServer({
    server: http,
    maxPayload: limits.maxRequestBytes,
    perMessageDeflate: false,
    clientTracking: true,
  })
  // The same failure arrives at `http` too, where `listen` reports it.
  webSockets.on('error', () => {})
  webSockets.on('connection', (socket) => {
    if (webSockets.clients.size > limits.maxConnections) socket.close(1013, 'too many connections')
    else serveWebSocket(socket, options.handle, limits)
  })
  const dropConnections = trackConnections(http)
  await listen(http, host, options.port)
  const { port } = http.address() as AddressInfo
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return {
    port,
    httpUrl: `http://${authority}`,
    wsUrl: `ws://${authority}`,
    dropConnections,
    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      webSockets.close()
      dropConnections()
      await closed
    },
  }
}

/** `http` forgets a connection once it is upgraded to WebSocket, so that the sockets are counted here. */
function trackConnections(http: Server): () => void {
  const open = new Set<Duplex>()
  http.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return () => {
    for (const socket of open) socket.destroy()
  }
}

function listen(http: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? portTaken(host, port, error) : error)
    })
    http.listen(port, host, resolve)
  })
}

function portTaken(host: string, port: number, cause: unknown): LedgerError {
  return new LedgerError('SL-PORT-TAKEN', 'user', `Another process listens on ${host}:${port} already.`, {
    remedy: 'Choose another port, or 0 for a free one.',
    facts: { host, port },
    cause,
  })
}

export type { RpcErrorBody }
