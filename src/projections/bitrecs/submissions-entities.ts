import type { Entity } from '../core/entity'

const MS = 'ms since the Unix epoch.'

/** Lists of submissions for GraphQL. */
export const submissionEntities: readonly Entity[] = [
  {
    type: 'BitrecsAgent',
    query: 'submissions',
    table: 'bitrecs_agent',
    describe: 'Accepted artifacts: one a hotkey, for ever.',
    fields: {
      agentId: { column: 'agent_id', type: 'String', filter: true },
      hotkey: { column: 'hotkey', type: 'Account', filter: true },
      uid: { column: 'uid', type: 'Int', describe: 'At the time of submission.' },
      name: { column: 'name', type: 'String' },
      provider: { column: 'provider', type: 'String' },
      model: { column: 'model', type: 'String' },
      temperature: { column: 'temperature', type: 'Float' },
      contentSha256: { column: 'content_sha256', type: 'String' },
      textSha256: { column: 'text_sha256', type: 'String', describe: 'Of what artifacts are compared by.' },
      commitment: { column: 'commitment', type: 'String' },
      revealHeight: { column: 'reveal_height', type: 'Int' },
      commitHeight: { column: 'commit_height', type: 'Int', nullable: true },
      commitmentSeq: { column: 'commitment_seq', type: 'Int', describe: 'Of the reveal, in the chain log.' },
      proof: { column: 'proof', type: 'JSON', nullable: true, describe: 'That the chain log holds it.' },
      requestId: { column: 'request_id', type: 'String' },
      submittedAtMs: { column: 'submitted_at', type: 'BigInt', describe: MS },
    },
  },
  {
    type: 'BitrecsGist',
    query: 'bitrecsGists',
    table: 'bitrecs_gist',
    describe: 'Gists of accepted artifacts, pinned to their commit.',
    fields: {
      gistId: { column: 'gist_id', type: 'String', filter: true },
      agentId: { column: 'agent_id', type: 'String' },
      account: { column: 'account', type: 'String' },
      createdAt: { column: 'created_at', type: 'String', describe: 'As GitHub says.' },
      commitSha: { column: 'commit_sha', type: 'String' },
      sha256: { column: 'sha256', type: 'String' },
      bytes: { column: 'bytes', type: 'Int' },
    },
  },
  {
    type: 'BitrecsBan',
    query: 'bitrecsBans',
    table: 'bitrecs_ban',
    describe: 'Hotkeys out of queues and scores, until the ban is lifted.',
    fields: {
      hotkey: { column: 'hotkey', type: 'Account', filter: true },
      reason: { column: 'reason', type: 'String' },
      bannedAtMs: { column: 'banned_at', type: 'BigInt', describe: MS },
      endReason: { column: 'end_reason', type: 'String', nullable: true, endsWith: true },
    },
  },
  {
    type: 'BitrecsUnapproval',
    query: 'bitrecsUnapprovals',
    table: 'bitrecs_unapproval',
    describe: 'Artifacts out of queues and scores, for good.',
    fields: {
      agentId: { column: 'agent_id', type: 'String', filter: true },
      reason: { column: 'reason', type: 'String' },
      unapprovedAtMs: { column: 'unapproved_at', type: 'BigInt', describe: MS },
    },
  },
]
