import type { RpcErrorBody } from './rpc-error'

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
  /** Result of the call; throw `RpcError` for a JSON-RPC error. */
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

export type { RpcErrorBody }
