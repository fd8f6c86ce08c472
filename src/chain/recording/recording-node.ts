import { type RpcServer, startRpcServer } from '../../rpc/server'
import { loadMetadata } from './metadata-file'
import { type ChainSource, createNodeHandler } from './node-handler'
import { Recording } from './recording'
import { recordingError } from './recording-error'

export interface RecordingNodeOptions {
  /** JSON lines, one block a line. */
  readonly file: string
  /** Metadata file (V14: hex, gzipped hex, or bytes) of every spec version that occurs. */
  readonly metadata: Readonly<Record<number, string>>
  /** 0, a free port, unless told otherwise. */
  readonly port?: number
  /** Waited before each answer, as a far node does (ms). */
  readonly latencyMs?: number
}

export interface RecordingNode extends RpcServer {
  readonly firstHeight: number
  readonly lastHeight: number
  /** Blocks above are held back until the head moves on; the last block unless told otherwise. */
  setHead(height: number): void
}

/**
 * Serves a recording as a node that Subsquid's processor reads.
 * @throws LedgerError SL-RECORDING-* with file and line
 */
export async function startRecordingNode(options: RecordingNodeOptions): Promise<RecordingNode> {
  const recording = await Recording.open(options.file)
  try {
    const source = await recordingSource(recording, options.metadata)
    const { handle, announceHead } = createNodeHandler(source)
    const { latencyMs = 0 } = options
    const server = await startRpcServer({
      port: options.port ?? 0,
      handle:
        latencyMs === 0
          ? handle
          : async (request, session) => {
              await new Promise((resolve) => setTimeout(resolve, latencyMs))
              return handle(request, session)
            },
    })
    return {
      ...server,
      firstHeight: recording.firstHeight,
      lastHeight: recording.lastHeight,
      setHead(height) {
        source.headHeight = height
        announceHead()
      },
      async close() {
        await server.close()
        recording.close()
      },
    }
  } catch (error) {
    recording.close()
    throw error
  }
}

/** The recording as a chain; for servers that change some answers on purpose. */
export async function recordingSource(
  recording: Recording,
  metadataFiles: Readonly<Record<number, string>>,
): Promise<ChainSource> {
  const metadata = new Map<number, string>()
  for (const spec of recording.specVersions) {
    const file = metadataFiles[spec]
    if (file === undefined) {
      const line = recording.firstLineOfSpec(spec)
      throw recordingError(
        'SPEC',
        recording.file,
        line,
        `spec ${spec} is unknown: its metadata was not given.`,
      )
    }
    metadata.set(spec, await loadMetadata(file))
  }
  return {
    firstHeight: recording.firstHeight,
    headHeight: recording.lastHeight,
    block: (height) => recording.block(height),
    heightOf: (hash) => recording.heightOf(hash),
    reportedSpec: (height) => recording.reportedSpec(height),
    metadata: (spec) => metadata.get(spec),
  }
}
