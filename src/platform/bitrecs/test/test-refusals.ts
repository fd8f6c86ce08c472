import type { MinerOptions } from './test-miner'
import { TEST_NOW_MS } from './test-platform'

const DAY_MS = 86_400_000

const isoformat = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}+00:00`

/** A submission with one thing wrong, and how it is answered. */
export interface Row {
  readonly row: string
  readonly status: number
  readonly code: string
  /** Under which key the reason stands. */
  readonly key?: 'detail' | 'error'
  readonly miner?: Partial<MinerOptions>
  readonly headers?: Readonly<Record<string, string>>
  readonly version?: string
  readonly timestamp?: string
}

const withArtifact = (row: string, code: string, artifact: Record<string, unknown>): Row => ({
  row,
  status: 400,
  code,
  key: 'error',
  miner: { artifact },
})
const prompt = (row: string, code: string, text: string) =>
  withArtifact(row, code, { system_prompt_template: text })

/** Rows of §2.4 and §2.5 that hang on the request alone; the others have tests of their own below. */
export const rows: readonly Row[] = [
  { row: '5 no timestamp', status: 400, code: 'timestamp_invalid', headers: { 'x-timestamp': '' } },
  { row: '5 no number', status: 400, code: 'timestamp_invalid', headers: { 'x-timestamp': '1e9' } },
  { row: '5 too old', status: 400, code: 'timestamp_invalid', timestamp: String(TEST_NOW_MS / 1000 - 301) },
  { row: '5 too new', status: 400, code: 'timestamp_invalid', timestamp: String(TEST_NOW_MS / 1000 + 301) },
  {
    row: '6 forged',
    status: 400,
    code: 'transport_signature_invalid',
    headers: { 'x-signature': 'ab'.repeat(64) },
  },
  { row: '6 no hex', status: 400, code: 'transport_signature_invalid', headers: { 'x-signature': 'zz' } },
  { row: '6 other nonce', status: 400, code: 'transport_signature_invalid', headers: { 'x-nonce': 'other' } },
  {
    row: '6 other t-nonce',
    status: 400,
    code: 'transport_signature_invalid',
    headers: { 'x-t-nonce': 'other' },
  },
  { row: '6 other version', status: 400, code: 'transport_signature_invalid', version: '9.9.9' },
  {
    row: '7 forged',
    status: 400,
    code: 'submission_signature_invalid',
    miner: { submission: { signature: '00'.repeat(64) } },
  },
  {
    row: '9 gist of another',
    status: 400,
    code: 'gist_of_another',
    key: 'error',
    miner: { submission: { github_account: 'somebody' } },
  },
  {
    row: '9 gist unknown',
    status: 400,
    code: 'gist_unreachable',
    key: 'error',
    miner: { submission: { gist_id: 'abcdef' } },
  },
  {
    row: '9 gist id a path',
    status: 400,
    code: 'gist_id_invalid',
    key: 'error',
    miner: { submission: { gist_id: '../../users' } },
  },
  {
    row: '9 account a path',
    status: 400,
    code: 'gist_account_invalid',
    key: 'error',
    miner: { submission: { github_account: 'a/b' } },
  },
  {
    row: '9 edited',
    status: 400,
    code: 'gist_edited',
    key: 'error',
    miner: { gist: { olderCommits: ['ab'.repeat(20)] } },
  },
  {
    row: '9 too old',
    status: 400,
    code: 'gist_too_old',
    key: 'error',
    miner: { createdAt: isoformat(TEST_NOW_MS - DAY_MS - 1_000) },
  },
  {
    row: '9 of the future',
    status: 400,
    code: 'gist_of_the_future',
    key: 'error',
    miner: { createdAt: isoformat(TEST_NOW_MS + 600_000) },
  },
  { row: '9 no YAML', status: 400, code: 'yaml_invalid', key: 'error', miner: { content: 'a: [b' } },
  {
    row: '9 key twice',
    status: 400,
    code: 'yaml_invalid',
    key: 'error',
    miner: { content: 'name: a\nname: b\n' },
  },
  {
    row: '9 no artifact',
    status: 400,
    code: 'artifact_schema',
    key: 'error',
    miner: { content: 'just text' },
  },
  withArtifact('9 name no text', 'artifact_schema', { name: 7 }),
  withArtifact('9 temperature', 'artifact_schema', { sampling_params: { temperature: 2.5 } }),
  withArtifact('9 temperature NaN', 'artifact_schema', { sampling_params: { temperature: '.nan' } }),
  withArtifact('9 no sampling', 'artifact_schema', { sampling_params: undefined }),
  withArtifact('9 many examples', 'artifact_schema', {
    fewshot_examples: Array.from({ length: 65 }, () => ({ role: 'user', content: 'x' })),
  }),
  withArtifact('10 agent id', 'agent_id_set', { agent_id: 'mine' }),
  withArtifact('11.1 empty name', 'template_name', { name: '' }),
  withArtifact('11.1 long name', 'template_name', { name: 'n'.repeat(31) }),
  withArtifact('11.1 other letters', 'template_name', { name: 'nàme' }),
  withArtifact('11.2 version', 'template_version', { version_num: 2 }),
  withArtifact('11.3 empty model', 'template_empty', { model: ' ' }),
  prompt('11.3 empty prompt', 'template_empty', ''),
  prompt('11.4 system prompt', 'template_system_too_long', '{{ sku }}'.repeat(1_700)),
  withArtifact('11.4 user prompt', 'template_user_too_long', {
    user_prompt_template: 'word '.repeat(10_001),
  }),
  prompt('11.4 one endless word', 'template_system_too_long', 'x'.repeat(200_000)),
  withArtifact('11.5 status', 'template_status', { status: 'finished' }),
  withArtifact('11.6 provider', 'template_provider', { provider: 'SOMEBODY' }),
  withArtifact('11.7 free model', 'template_free_model', { model: 'deepseek/r1:free' }),
  prompt('11.8 digits', 'template_sku', 'Offer 12345 to {{ persona }}'),
  prompt('11.8 letters and digits', 'template_sku', 'Offer B08XYZ to {{ persona }}'),
  prompt('11.8 hyphens', 'template_sku', 'Offer AB-12-C to {{ persona }}'),
  prompt('11.9 statement', 'template_syntax', '{% for a in b %}{{ a }}{% endfor %}'),
  prompt('11.9 filter', 'template_syntax', '{{ persona | upper }}'),
  prompt('11.9 attribute', 'template_syntax', '{{ persona.__class__ }}'),
  prompt('11.9 call', 'template_syntax', '{{ persona() }}'),
  prompt('11.9 subscript', 'template_syntax', "{{ persona['__class__'] }}"),
  prompt('11.9 literal', 'template_syntax', '{{ "text" }} {{ persona }}'),
  prompt('11.9 arithmetic', 'template_syntax', '{{ a + b }}'),
  prompt('11.9 comment', 'template_syntax', '{# hidden #}{{ persona }}'),
  prompt(
    '11.9 raw within raw',
    'template_syntax',
    '{% raw %}{% raw %}{% endraw %}{{ evil() }}{% endraw %}{{ persona }}',
  ),
  prompt('11.9 open braces', 'template_syntax', '{{ persona'),
  prompt('11.9 name of the engine', 'template_syntax', '{{ self }}'),
  withArtifact('11.10 no variable', 'template_no_variable', {
    system_prompt_template: 'none',
    user_prompt_template: 'none',
  }),
  prompt('11.11 twice', 'template_repeated_variable', 'All: {{ product_catalog }}'),
  withArtifact('11.11 twice in the source', 'template_repeated_variable', {
    fewshot_examples: [{ role: 'user', content: '{{ product_catalog }}' }],
  }),
  {
    row: '12 created_at',
    status: 400,
    code: 'created_at_mismatch',
    key: 'error',
    miner: { submission: { created_at: '2026-01-01T00:00:00+00:00' } },
  },
  withArtifact('13 hotkey', 'hotkey_mismatch', {
    miner_hotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  }),
]
