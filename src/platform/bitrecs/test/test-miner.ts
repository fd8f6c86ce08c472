import { createHash, randomBytes } from 'node:crypto'
import { encodeAddress } from '@polkadot/util-crypto'
import { type Signer, signerOf } from '../../../devnet/node/signer'
import type { ChainFacts, RevealedCommitment } from '../../core/chain-facts'
import type { MinerSubmission } from '../submission/request'
import type { ServedGist } from './test-gist-host'

export const TEST_VERSION = '2.0.0'
const SS58 = 42

export interface ArtifactChanges {
  readonly [key: string]: unknown
}

/** The fields of an artifact that keeps every rule; each name writes other prompts. */
export const artifactOf = (name: string, hotkey: string): Record<string, unknown> => ({
  miner_hotkey: hotkey,
  name: name.slice(0, 30),
  version_num: 1,
  status: 'screening_1',
  provider: 'CHUTES',
  model: 'deepseek-ai/DeepSeek-V3',
  system_prompt_template: `You recommend products. Think as ${name} would. Today is {{ current_date }}.`,
  user_prompt_template: `For {{ persona }} choose {{ num_recs }} of {{ product_catalog }} that go with {{ sku }}.`,
  sampling_params: { temperature: 0.2 },
})

/** YAML is a superset of JSON: what is written as JSON reads the same. */
export const yamlOf = (artifact: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(artifact, null, 2)

export interface Miner {
  readonly signer: Signer
  /** SS58 */
  readonly hotkey: string
  readonly gist: ServedGist
  readonly submission: MinerSubmission
  /** Signed anew at each call; each with a nonce of its own. */
  headers(over?: Partial<Record<'timestamp' | 'nonce' | 'version', string>>): Record<string, string>
}

export interface MinerOptions {
  readonly artifact?: ArtifactChanges
  /** The whole content of the gist instead of an artifact. */
  readonly content?: string
  readonly createdAt?: string
  readonly submission?: Partial<MinerSubmission>
  readonly gist?: Partial<ServedGist>
  /** ms since the Unix epoch */
  readonly nowMs: number
}

const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')
const isoformat = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}+00:00`

/** A miner with a gist that keeps every rule, unless told otherwise. */
export function minerOf(name: string, options: MinerOptions): Miner {
  const signer = signerOf(`${name} hotkey`)
  const hotkey = encodeAddress(signer.account, SS58)
  const content = options.content ?? yamlOf({ ...artifactOf(name, hotkey), ...options.artifact })
  const gist: ServedGist = {
    gistId: digest('md5', `gist of ${name}`),
    account: 'octo-miner',
    createdAt: options.createdAt ?? isoformat(options.nowMs - 3_600_000),
    commitSha: digest('sha1', content),
    content,
    ...options.gist,
  }
  return signedBy(signer, gist, options.nowMs, options.submission)
}

/** Everything that a miner signs about its gist. */
export function signedBy(
  signer: Signer,
  gist: ServedGist,
  nowMs: number,
  over: Partial<MinerSubmission> = {},
): Miner {
  const hotkey = encodeAddress(signer.account, SS58)
  const signed = {
    created_at: gist.createdAt,
    github_account: gist.account,
    gist_id: gist.gistId,
    hotkey,
    ...over,
  }
  const message = `${signed.created_at}:${signed.github_account}:${signed.gist_id}:${signed.hotkey}`
  const sign = (text: string) => Buffer.from(signer.sign(Buffer.from(text, 'utf8'))).toString('hex')
  const submission: MinerSubmission = { signature: sign(message), ...signed }
  return {
    signer,
    hotkey,
    gist,
    submission,
    headers(over = {}) {
      const timestamp = over.timestamp ?? String(Math.floor(nowMs / 1000))
      const nonce = over.nonce ?? randomBytes(16).toString('hex')
      const tNonce = randomBytes(16).toString('hex')
      return {
        'x-timestamp': timestamp,
        'x-nonce': nonce,
        'x-t-nonce': tNonce,
        'x-signature': sign(`${message}:${nonce}:${tNonce}:${over.version ?? TEST_VERSION}:${timestamp}`),
      }
    },
  }
}

/** A chain on which each miner has registered, committed and been opened; to be changed by tests. */
export class TestFacts implements ChainFacts {
  readonly uids = new Map<string, number>()
  readonly texts = new Map<string, RevealedCommitment[]>()
  /** Asked for reveals so many times. */
  looks = 0

  register(miner: Miner, uid = this.uids.size + 1): void {
    this.uids.set(miner.signer.account, uid)
  }

  reveal(miner: Miner, over: Partial<RevealedCommitment> = {}): void {
    const text = `${miner.gist.commitSha}:${digest('sha256', miner.gist.content)}`
    const own = this.texts.get(miner.signer.account) ?? []
    own.push({
      height: 8,
      commitHeight: 6,
      wasTimelocked: true,
      content: '0x',
      text,
      seq: own.length,
      ...over,
    })
    this.texts.set(miner.signer.account, own)
  }

  async registration(_netuid: number, hotkey: string) {
    const uid = this.uids.get(hotkey)
    return uid === undefined ? null : { uid, hotkey, coldkey: null, registeredAt: 1 }
  }

  async reveals(_netuid: number, hotkey: string) {
    this.looks += 1
    return this.texts.get(hotkey) ?? []
  }

  async metagraph() {
    return { height: 10, uidOf: this.uids as Map<`0x${string}`, number>, permitted: null }
  }
}
