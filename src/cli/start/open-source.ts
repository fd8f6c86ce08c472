import path from 'node:path'
import { startReadAhead } from '../../chain/read-ahead/read-ahead'
import type { Settings } from '../../config/config'
import type { Session } from '../session'

export interface BlockSource {
  /** What the processor reads from: the read-ahead, or the node itself. */
  readonly url: string
  /** Rejects when the source finds that its data contradict themselves. */
  readonly failure: Promise<never>
}

const BYTES_PER_MIB = 1024 * 1024

/** The node, behind the read-ahead unless that is switched off. */
export async function openSource(
  settings: Settings,
  nodeUrl: string,
  session: Session,
): Promise<BlockSource> {
  if (!settings.readAhead) return { url: nodeUrl, failure: new Promise(() => undefined) }
  let fail: (error: unknown) => void = () => undefined
  const failure = new Promise<never>((_, reject) => {
    fail = reject
  })
  failure.catch(() => undefined)
  const readAhead = await startReadAhead({
    upstreamUrl: nodeUrl,
    ...(settings.compareRpcUrl && { compareUrl: settings.compareRpcUrl }),
    ...(settings.blockCacheMib > 0 && { cacheDir: path.resolve(settings.dataDir, 'blocks') }),
    maxMemoryBytes: settings.readAheadMemoryMib * BYTES_PER_MIB,
    maxCacheBytes: settings.blockCacheMib * BYTES_PER_MIB,
    onFailure: fail,
    onWarning: session.say,
  })
  session.closers.add('read-ahead', () => readAhead.close())
  return { url: readAhead.url, failure }
}
