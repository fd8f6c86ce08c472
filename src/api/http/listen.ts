import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LedgerError } from '../../errors/ledger-error'

/** Requests that run when the server closes have this long to finish (ms). */
const CLOSE_TIMEOUT_MS = 5_000
const CLOSE_IDLE_INTERVAL_MS = 20

interface Address {
  readonly host: string
  /** 0 picks a free port. */
  readonly port: number
}

/** @throws LedgerError SL-PORT-TAKEN, SL-API-LISTEN */
export function listen(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen(port, host, resolve)
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): LedgerError {
  const facts = { host, port }
  if (error.code === 'EADDRINUSE') {
    return new LedgerError('SL-PORT-TAKEN', 'user', `Port ${port} is in use.`, {
      remedy: 'Stop what listens there, or choose another port with --port (0 picks a free one).',
      facts,
      cause: error,
    })
  }
  return new LedgerError('SL-API-LISTEN', 'user', `The API cannot listen on ${host}:${port}.`, {
    remedy: 'Choose an address of this machine with --host, and a port above 1023.',
    facts,
    cause: error,
  })
}

export function urlOf(host: string, server: Server): string {
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Idle connections are closed again and again: one becomes idle when its last answer has been sent. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_INTERVAL_MS)
    const all = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(all)
      resolve()
    })
    server.closeIdleConnections()
  })
}
