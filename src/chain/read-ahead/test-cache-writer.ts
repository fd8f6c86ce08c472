import { startReadAhead } from './read-ahead'

/** A process of its own that fills a cache from a node, to be killed in the middle. */
async function fill([upstreamUrl, cacheDir]: string[]): Promise<void> {
  const { httpUrl } = await startReadAhead({
    upstreamUrl: upstreamUrl!,
    cacheDir: cacheDir!,
    tailWriteIntervalMs: 1,
  })
  process.stdout.write('started\n')
  for (let height = 0; ; height += 1) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chain_getBlockHash', params: [height] })
    const response = await fetch(httpUrl, { method: 'POST', body })
    const { result } = (await response.json()) as { result: string | null }
    if (result === null) return
  }
}

void fill(process.argv.slice(2))
