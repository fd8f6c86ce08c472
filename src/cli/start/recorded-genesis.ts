import type { RecordingNode } from '../../chain/recording/recording-node'
import { callNode } from '../../observability/node-call'

const TIMEOUT_MS = 10_000

/** Hash of block 0, or of the first recorded block when the recording begins later: what tells recordings apart. */
export async function recordedGenesis(node: RecordingNode): Promise<string> {
  const call = { method: 'chain_getBlockHash', params: [node.firstHeight] }
  return (await callNode(node.httpUrl, call, TIMEOUT_MS)) as string
}
