import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { LedgerError } from '../../../errors/ledger-error'

export interface ListenOptions {
  readonly host?: string
  /** 0: a free one. */
  readonly port?: number
}

const LOOPBACK = '127.0.0.1'
/** Addresses that mean every interface are no place to go to. */
const EVERYWHERE = ['0.0.0.0', '::']

/** @returns where the server is reached from this machine @throws LedgerError SL-PORT-TAKEN */
export async function listen(
  app: FastifyInstance,
  { host = LOOPBACK, port = 0 }: ListenOptions,
): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause
    throw new LedgerError('SL-PORT-TAKEN', 'user', `Another process listens on ${host}:${port} already.`, {
      remedy: 'Choose another port, or 0 for a free one.',
      facts: { host, port },
      cause,
    })
  }
  const address = app.server.address() as AddressInfo
  const name = EVERYWHERE.includes(host) ? LOOPBACK : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${address.port}`
}
