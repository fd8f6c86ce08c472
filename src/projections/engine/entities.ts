import type { Entity } from '../core/entity'

/** Lists that every subnet system has. */
export const engineEntities: readonly Entity[] = [
  {
    type: 'Policy',
    query: 'policyHistory',
    table: 'policy',
    describe:
      'Constants and choices of a mechanism as they were recorded; which holds at a block follows from effectiveFromBlock.',
    fields: {
      system: { column: 'system', type: 'String' },
      policyId: { column: 'policy_id', type: 'String' },
      effectiveFromBlock: { column: 'effective_from_block', type: 'Int' },
      policy: { column: 'policy', type: 'JSON' },
      origin: { column: 'origin', type: 'String', describe: 'default, operator.' },
      recordedAtMs: { column: 'recorded_at', type: 'BigInt', describe: 'ms since the Unix epoch.' },
    },
  },
  {
    type: 'RefusedCommand',
    query: 'refusedCommands',
    table: 'refused_command',
    describe: 'Commands that were refused, with the reason that was answered.',
    fields: {
      system: { column: 'system', type: 'String' },
      command: { column: 'command', type: 'String' },
      code: { column: 'code', type: 'String' },
      status: { column: 'status', type: 'Int', describe: 'HTTP status.' },
      reason: { column: 'reason', type: 'String' },
      subject: { column: 'subject', type: 'String', nullable: true, filter: true },
      requestHash: { column: 'request_hash', type: 'String', nullable: true },
      actor: { column: 'actor', type: 'Account', nullable: true, filter: true },
      refusedAtMs: { column: 'refused_at', type: 'BigInt', describe: 'ms since the Unix epoch.' },
    },
  },
  {
    type: 'Divergence',
    query: 'divergences',
    table: 'divergence',
    describe: 'Validators whose weights differ from the recommended ones, until they agree again.',
    fields: {
      mechanism: { column: 'mechanism', type: 'Int' },
      epoch: { column: 'epoch', type: 'Int', nullable: true },
      validator: { column: 'validator', type: 'Account', filter: true },
      validatorUid: { column: 'validator_uid', type: 'Int', nullable: true },
      cause: {
        column: 'cause',
        type: 'String',
        describe:
          'rate_limited, other_winner, other_shares, stale, burn, uid_reassigned, commit_expired, masked, none_set.',
      },
      detail: { column: 'detail', type: 'String', describe: 'What differs, in numbers.' },
      decisionSeq: {
        column: 'decision_seq',
        type: 'BigInt',
        describe: 'Number of the decision in the engine log.',
      },
      submittedSeq: {
        column: 'submitted_seq',
        type: 'BigInt',
        nullable: true,
        describe: 'Number of the weights in the chain log; null: none was ever set.',
      },
      recommended: { column: 'recommended', type: 'JSON', describe: '[{uid, value}], u16.' },
      submitted: { column: 'submitted', type: 'JSON' },
      effective: { column: 'effective', type: 'JSON', describe: 'As the chain holds them after masking.' },
      endReason: {
        column: 'end_reason',
        type: 'String',
        nullable: true,
        endsWith: true,
        describe: 'agrees, superseded, no_weights (it lost its uid).',
      },
      blockTime: { column: 'block_time', type: 'DateTime' },
    },
  },
]
