import { LedgerError } from '../../errors/ledger-error'
import { withoutCredentials } from '../../observability/logger'

/** Subsquid's client asks a silent gateway for ever: this is how long it may be silent at the start. */
const PROBE_TIMEOUT_MS = 15_000

export interface GatewayProbe {
  readonly url: string
  readonly node: { getBlockHash(height: number): Promise<string | null | undefined> }
  /** The first block that would be taken from the gateway. */
  readonly next: number
  readonly timeoutMs?: number
}

/**
 * Asks the gateway for its height and for the first block that would be taken from it, which the node must know by the same
 * hash: nothing else in what a gateway says names its chain.
 * @throws LedgerError SL-GATEWAY-UNREACHABLE, SL-GATEWAY-CHAIN
 */
export async function probeGateway({ url, node, next, timeoutMs }: GatewayProbe): Promise<void> {
  const ask = async (address: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(address, {
      signal: AbortSignal.timeout(timeoutMs ?? PROBE_TIMEOUT_MS),
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    return body === undefined ? response.text() : response.json()
  }
  const base = url.replace(/\/$/, '')
  let hash: unknown
  try {
    const height = Number.parseInt(String(await ask(`${base}/height`)), 10)
    if (!Number.isSafeInteger(height)) throw new Error('no height was answered')
    // The node serves what the gateway does not have yet.
    if (height < next) return
    const worker = String(await ask(`${base}/${next}/worker`))
    hash = firstHash(await ask(worker, blockQuery(next)))
  } catch (cause) {
    throw unreachable(url, cause)
  }
  const known = await node.getBlockHash(next)
  if (hash !== known) throw otherChain(url, next, hash, known)
}

const blockQuery = (height: number) => ({
  type: 'substrate',
  fromBlock: height,
  toBlock: height,
  includeAllBlocks: true,
  fields: { block: {} },
})

/** @throws Error when the answer holds no block */
function firstHash(blocks: unknown): string {
  const hash = (blocks as { header?: { hash?: unknown } }[] | undefined)?.[0]?.header?.hash
  if (typeof hash !== 'string') throw new Error('no block was answered')
  return hash
}

function unreachable(url: string, cause: unknown): LedgerError {
  return new LedgerError('SL-GATEWAY-UNREACHABLE', 'retryable', 'The gateway does not answer as one.', {
    remedy: 'Check the URL of --gateway; without it all blocks come from the node.',
    facts: { gateway: withoutCredentials(url) },
    cause,
  })
}

function otherChain(url: string, height: number, hash: unknown, nodeHash: unknown): LedgerError {
  const message = `The gateway and the node have different blocks ${height}.`
  return new LedgerError('SL-GATEWAY-CHAIN', 'contradiction', message, {
    remedy: 'Name the gateway of the same network with --gateway. Nothing was written.',
    facts: {
      height,
      gateway: withoutCredentials(url),
      gatewayHash: String(hash),
      nodeHash: String(nodeHash ?? null),
    },
  })
}
