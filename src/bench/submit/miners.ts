import { createHash } from 'node:crypto'
import { encodeAddress, sr25519PairFromSeed, sr25519Sign } from '@polkadot/util-crypto'

/** Words that make each prompt its own, without digits. */
const LETTERS = 'abcdefghij'
export const ACCOUNT = 'octo-miner'
export const FILE = 'artifact.yaml'
const SS58 = 42
/** Prompts of real artifacts have a few hundred words. */
const FILLER =
  `Choose what goes with it, mind the season, the price and the taste of the shopper, and never repeat what is in the cart. `.repeat(
    20,
  )

const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')
export const wordOf = (n: number): string => [...String(n)].map((digit) => LETTERS[Number(digit)]).join('')

export interface BenchMiner {
  /** 0x hex */
  readonly account: string
  readonly hotkey: string
  readonly gistId: string
  readonly commitSha: string
  readonly content: string
  readonly sha256: string
  sign(text: string): string
}

/** The same miner for the same number, in every process. Needs `cryptoWaitReady`. */
export function benchMiner(n: number): BenchMiner {
  const pair = sr25519PairFromSeed(createHash('sha256').update(`bench miner ${n}`).digest())
  const hotkey = encodeAddress(pair.publicKey, SS58)
  const word = wordOf(n)
  // A few words of its own all over the text: prompts of different miners differ in more than a name.
  const own = Array.from(
    { length: 60 },
    (_, i) => `${word}${LETTERS[i % 10]}${LETTERS[Math.floor(i / 10)]}`,
  ).join(' ')
  const content = `miner_hotkey: ${hotkey}
name: Bench ${word}
version_num: 1
status: screening_1
provider: CHUTES
model: deepseek-ai/DeepSeek-V3
system_prompt_template: |
  You recommend products as ${own} would. Today is {{ current_date }}. ${FILLER}
user_prompt_template: |
  For {{ persona }} choose {{ num_recs }} of {{ product_catalog }} that go with {{ sku_info }}. ${FILLER}
sampling_params:
  temperature: 0.${n % 10}
`
  return {
    account: `0x${Buffer.from(pair.publicKey).toString('hex')}`,
    hotkey,
    gistId: digest('md5', `bench gist ${n}`),
    commitSha: digest('sha1', `bench gist ${n}`),
    content,
    sha256: digest('sha256', content),
    sign: (text) => Buffer.from(sr25519Sign(Buffer.from(text), pair)).toString('hex'),
  }
}
