import { startRecordingNode } from '../../chain/recording/recording-node'
import { SYNTHETIC_SPEC } from './synthetic-blocks'

/** Entry of a process of its own, so that the node's work is not counted as the indexer's. */
async function serve([recording, metadata, latencyMs]: string[]): Promise<void> {
  const node = await startRecordingNode({
    file: recording!,
    metadata: { [SYNTHETIC_SPEC]: metadata! },
    latencyMs: Number(latencyMs),
  })
  process.send!({ wsUrl: node.wsUrl, httpUrl: node.httpUrl })
  process.once('disconnect', () => process.exit(0))
}

void serve(process.argv.slice(2))
