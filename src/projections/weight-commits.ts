import type { PayloadOf } from '../log/catalogue'
import type { LogEvent } from '../log/envelope'
import type { Projection } from './fold/projection'
import { account, bytea, ended, refId, time } from './fold/row-values'
import { FACTS } from './fold/table-rule'

const TABLE = 'weight_commit'

/** Commits of hidden weights and what became of them; a row holds while the commit is pending. */
export const weightCommits: Projection = {
  name: 'weight_commits',
  version: 1,
  reads: ['WeightsCommitted', 'WeightsRevealed', 'WeightsCommitExpired'],
  tables: { [TABLE]: { ...FACTS, hasOrdinal: true, waits: true } },
  apply(event, sink) {
    if (event.type === 'WeightsCommitted') {
      const payload = event.payload as PayloadOf<'WeightsCommitted'>
      sink.add(TABLE, {
        id: commitId(event, event, payload),
        netuid: event.netuid,
        subnet_instance: event.subnetInstance,
        valid_from: event.height,
        valid_to: null,
        from_seq: event.seq,
        to_seq: null,
        ordinal: sink.ordinal(TABLE, event.netuid),
        mechanism: payload.mechanism,
        hotkey: account(payload.who),
        uid: payload.uid,
        kind: payload.kind,
        commit_hash: bytea(payload.commitHash),
        reveal_round: payload.revealRound,
        extrinsic_index: event.extrinsicIndex ?? null,
        event_index: event.eventIndex ?? null,
        block_hash: bytea(event.blockHash),
        block_time: time(event.blockTime),
        state: 'PENDING',
        end_reason: null,
      })
    } else if (event.type === 'WeightsRevealed') {
      const { commit, commitHash, who } = event.payload as PayloadOf<'WeightsRevealed'>
      if (!commit || !commitHash) return
      sink.change(TABLE, commitId(event, commit, { who, commitHash }), {
        ...ended(event, 'revealed'),
        state: 'REVEALED',
      })
    } else if (event.type === 'WeightsCommitExpired') {
      const { commit, reason, ...what } = event.payload as PayloadOf<'WeightsCommitExpired'>
      sink.change(TABLE, commitId(event, commit, what), { ...ended(event, reason), state: 'EXPIRED' })
    }
  },
}

type At = { readonly height: number; readonly eventIndex?: number | null | undefined }

interface What {
  readonly who: string
  readonly commitHash: string
}

/** Between 151 and 204 commits had no event: who and hash tell those of one block apart. */
function commitId({ netuid }: LogEvent, at: At, { who, commitHash }: What): string {
  const { height, eventIndex } = at
  if (typeof eventIndex === 'number') return refId(netuid, { height, eventIndex })
  return `${netuid}-${height}-${who}-${commitHash}`
}
