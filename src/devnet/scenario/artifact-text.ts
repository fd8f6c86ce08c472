import { encodeAddress } from '@polkadot/util-crypto'
import type { Signer } from '../node/signer'

/** What tells the miners' prompts apart; words only, since digits in a prompt may look like a product code. */
const emphases = [
  'complement what is shown rather than repeat it',
  'prefer the same brand and a similar price',
  'mix categories that are often bought together',
  'favour variety before similarity',
  'think of the occasion for which the shopper buys',
  'start from the use of the product, not from its name',
  'weigh season and weather at the present date',
  'keep to the price range of the product shown',
  'offer accessories first and alternatives last',
  'choose what a careful shop assistant would suggest',
] as const
const tones = ['Be strict', 'Be brief', 'Be precise', 'Be generous', 'Be consistent', 'Be practical'] as const

export interface ArtifactDesign {
  /** 1–30 letters, digits and blanks. */
  readonly name: string
  readonly miner: Signer
  /** Which of the prompts; the same number gives the same prompts. */
  readonly variant: number
}

/** A recommender as a Bitrecs miner writes it: YAML that keeps the template rules (spec bitrecs.md §2.5). */
export function artifactText({ name, miner, variant }: ArtifactDesign): string {
  const emphasis = emphases[variant % emphases.length]!
  const tone = tones[Math.floor(variant / emphases.length) % tones.length]!
  const temperature = ((variant % 7) / 10).toFixed(1)
  return `miner_hotkey: ${encodeAddress(miner.account, 42)}
name: ${name}
version_num: 1
status: screening_1
provider: CHUTES
model: deepseek-ai/DeepSeek-V3
system_prompt_template: |
  You recommend products to the shoppers of an online store. Today is {{ current_date }}.
  The shopper is {{ persona }}. When you choose, ${emphasis}. ${tone}.
  Answer with a JSON array only, without any other words.
user_prompt_template: |
  The shopper looks at {{ sku_info }}.
  Recommend {{ num_recs }} other products from this catalog, the best one first:
  {{ product_catalog }}
sampling_params:
  temperature: ${temperature}
`
}
