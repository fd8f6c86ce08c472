import type { PayloadOf } from '../../log/catalogue'
import type { Projection } from '../fold/projection'
import { bytea, idOf, opened } from '../fold/row-values'
import { FACTS } from '../fold/table-rule'

const SCORE = 'bitrecs_score'
const INFERENCE = 'bitrecs_inference'

/** Scores that count for weights, and what nodes spent on inference. */
export const bitrecsScores: Projection = {
  name: 'bitrecs_scores',
  version: 1,
  log: 'platform',
  tables: {
    [SCORE]: { ...FACTS, hasOrdinal: true },
    [INFERENCE]: { ...FACTS, hasOrdinal: true },
  },
  apply(event, sink) {
    if (event.type === 'BitrecsScoreRecorded') {
      const payload = event.payload as PayloadOf<'BitrecsScoreRecorded'>
      sink.add(SCORE, {
        id: idOf(event),
        ...opened(event),
        ordinal: sink.ordinal(SCORE, event.netuid),
        run_id: payload.runId,
        agent_id: payload.agentId,
        hotkey: bytea(payload.hotkey),
        uid: payload.uid,
        registered_at: payload.registeredAt,
        task: payload.task,
        score: payload.score,
        success: payload.success,
        duration_seconds: payload.durationSeconds,
        sample_size: payload.sampleSize,
        set_id: payload.setId,
        validator: payload.validator,
        source: payload.source,
        at_ms: String(payload.at),
      })
    } else if (event.type === 'BitrecsInferenceReported') {
      const payload = event.payload as PayloadOf<'BitrecsInferenceReported'>
      sink.add(INFERENCE, {
        id: idOf(event),
        ...opened(event),
        ordinal: sink.ordinal(INFERENCE, event.netuid),
        inference_id: payload.inferenceId,
        run_id: payload.runId,
        provider: payload.provider,
        model: payload.model,
        input_tokens: payload.inputTokens,
        output_tokens: payload.outputTokens,
        cost_usd: payload.costUsd,
        at_ms: String(payload.at),
      })
    }
  },
}
