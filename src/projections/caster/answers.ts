import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { addRow, shown, shownOrNull } from '../fold/event-rows'
import type { Projection, Sink } from '../fold/projection'
import { FACTS } from '../fold/table-rule'
import { cellOf } from './cells'

const ANSWER = 'caster_answer'
const CITATION = 'caster_citation'
const GRADE = 'caster_grade'

/** What scripts gave for each claim, what they cited, and how validators graded it. */
export const casterAnswers: Projection = {
  name: 'caster_answers',
  version: 1,
  log: 'platform',
  tables: {
    [ANSWER]: { ...FACTS, hasOrdinal: true },
    [CITATION]: { ...FACTS, hasOrdinal: true },
    [GRADE]: { ...FACTS, hasOrdinal: true },
  },
  apply(event, sink) {
    switch (event.type) {
      case 'MinerAnswered':
        return addAnswer(event, sink)
      case 'MinerFailed':
        return addFailure(event, sink)
      case 'CitationHydrated': {
        const { url, note } = event.payload as PayloadOf<'CitationHydrated'>
        const from = { url: shownOrNull(url), note: shownOrNull(note) }
        return addCitation(event, sink, { status: 'hydrated', ...from, reason: null })
      }
      case 'CitationDropped': {
        const { reason } = event.payload as PayloadOf<'CitationDropped'>
        return addCitation(event, sink, { status: 'dropped', url: null, note: null, reason: shown(reason) })
      }
      case 'TaskGraded':
        return addGrade(event, sink)
    }
  },
}

function addAnswer(event: LogEvent, sink: Sink): void {
  const answer = event.payload as PayloadOf<'MinerAnswered'>
  addRow(sink, ANSWER, event, {
    ...cellOf(answer),
    status: 'answered',
    session_id: answer.sessionId,
    verdict: answer.verdict,
    justification_sha256: answer.justificationSha256,
    citations: answer.citations,
    error_code: null,
    runtime_ms: String(answer.runtimeMs),
    answered_at: String(answer.at),
  })
}

/** A failed run has no verdict at all, whatever placeholder was once written for it. */
function addFailure(event: LogEvent, sink: Sink): void {
  const failure = event.payload as PayloadOf<'MinerFailed'>
  addRow(sink, ANSWER, event, {
    ...cellOf(failure),
    status: 'failed',
    session_id: failure.sessionId,
    verdict: null,
    justification_sha256: null,
    citations: null,
    error_code: failure.errorCode,
    runtime_ms: String(failure.runtimeMs),
    answered_at: String(failure.at),
  })
}

interface Cited {
  readonly status: 'hydrated' | 'dropped'
  readonly url: string | null
  readonly note: string | null
  readonly reason: string | null
}

function addCitation(event: LogEvent, sink: Sink, { status, url, note, reason }: Cited): void {
  const cited = event.payload as PayloadOf<'CitationDropped'>
  addRow(sink, CITATION, event, {
    ...cellOf(cited),
    position: cited.position,
    receipt_id: shown(cited.receiptId),
    result_id: shown(cited.resultId),
    status,
    url,
    note,
    reason,
    cited_at: String(cited.at),
  })
}

function addGrade(event: LogEvent, sink: Sink): void {
  const graded = event.payload as PayloadOf<'TaskGraded'>
  addRow(sink, GRADE, event, {
    ...cellOf(graded),
    status: graded.status,
    verdict_score: graded.verdictScore,
    support_score: graded.supportScore,
    total: graded.total,
    grader_model: shownOrNull(graded.graderModel),
    rationale_sha256: graded.rationaleSha256,
    cost_micro_usd: graded.costMicroUsd,
    runtime_ms: String(graded.runtimeMs),
    graded_at: String(graded.at),
  })
}
