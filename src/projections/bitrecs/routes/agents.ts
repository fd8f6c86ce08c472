import { agentShape } from '../../../platform/bitrecs/routes/agent-shape'
import { parseArtifact } from '../../../platform/bitrecs/submission/artifact'
import { type AgentRow, addressOf, type BitrecsReader } from './reader'

export type ShownAgent = ReturnType<typeof agentShape>

/** Artifacts as they were accepted: their text is kept beside the log, whatever became of the gist. */
export async function wholeAgents(reader: BitrecsReader, rows: readonly AgentRow[]): Promise<ShownAgent[]> {
  const { rows: blobs } = await reader.pool.query<{ sha256: string; bytes: Buffer }>(
    `select encode(sha256, 'hex') as sha256, bytes from platform_blob
     where sha256 in (select decode(wanted, 'hex') from unnest($1::text[]) as wanted)`,
    [rows.map((row) => row.content_sha256)],
  )
  const contentOf = new Map(blobs.map(({ sha256, bytes }) => [sha256, bytes.toString('utf8')]))
  return rows.flatMap((row) => {
    const artifact = parseArtifact(contentOf.get(row.content_sha256) ?? '')
    if (!artifact.ok) return []
    const { agent_id: agentId, uid, status } = row
    const hotkey = addressOf(row.hotkey)
    return [
      agentShape(artifact.value, { agentId, hotkey, uid, status, submittedAtMs: Number(row.submitted_at) }),
    ]
  })
}

/** Of a contest that runs nobody is shown the prompts of all others at once. */
export const withoutPrompts = (agent: ShownAgent): ShownAgent => ({
  ...agent,
  system_prompt_template: '',
  user_prompt_template: '',
})
