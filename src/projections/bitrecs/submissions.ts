import type { PayloadOf } from '../../log/catalogue'
import type { Projection } from '../fold/projection'
import { bytea, idOf, opened } from '../fold/row-values'
import { FACTS } from '../fold/table-rule'

const AGENT = 'bitrecs_agent'
const GIST = 'bitrecs_gist'

/** Accepted artifacts and their gists. A hotkey or a gist that comes twice breaks a unique key: the append fails with it. */
export const bitrecsAgents: Projection = {
  name: 'bitrecs_agents',
  version: 1,
  log: 'platform',
  tables: { [AGENT]: { ...FACTS, hasOrdinal: true }, [GIST]: { ...FACTS, hasOrdinal: true } },
  apply(event, sink) {
    if (event.type !== 'BitrecsAgentSubmitted') return
    const submitted = event.payload as PayloadOf<'BitrecsAgentSubmitted'>
    const { agentId, gist, commitment } = submitted
    sink.add(AGENT, {
      id: idOf(event),
      ...opened(event),
      ordinal: sink.ordinal(AGENT, event.netuid),
      agent_id: agentId,
      hotkey: bytea(submitted.hotkey),
      uid: submitted.uid,
      name: submitted.name,
      provider: submitted.provider,
      model: submitted.model.replaceAll('\0', '\ufffd'),
      temperature: submitted.temperature,
      content_sha256: gist.sha256,
      text_sha256: submitted.textSha256,
      commitment: commitment.text,
      reveal_height: commitment.revealHeight,
      commit_height: commitment.commitHeight,
      commitment_seq: commitment.seq,
      proof: commitment.proof as never,
      request_id: submitted.requestId,
      submitted_at: String(submitted.submittedAt),
    })
    sink.add(GIST, {
      id: idOf(event),
      ...opened(event),
      ordinal: sink.ordinal(GIST, event.netuid),
      gist_id: gist.id,
      agent_id: agentId,
      account: gist.account,
      created_at: gist.createdAt,
      commit_sha: gist.commitSha,
      sha256: gist.sha256,
      bytes: gist.bytes,
    })
  },
}
