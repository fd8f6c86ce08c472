/** USD per million tokens, by `PROVIDER/model` in lower case. */
export type PriceTable = ReadonlyMap<string, { readonly input: number; readonly output: number }>

const ENTRY = /^(.+)=(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/

/** `CHUTES/deepseek-ai/DeepSeek-V3=0.27/1.1,…`; entries that are none are passed over. */
export function priceTable(text: string): PriceTable {
  const prices = new Map<string, { input: number; output: number }>()
  for (const part of text.split(',')) {
    const [, name, input, output] = ENTRY.exec(part.trim()) ?? []
    if (name) prices.set(name.toLowerCase(), { input: Number(input), output: Number(output) })
  }
  return prices
}

const PER_TOKENS = 1_000_000

/** Undefined: no price is known. */
export function costOf(
  prices: PriceTable,
  provider: string,
  model: string,
  inputTokens: number,
  outputTokens: number,
) {
  const price = prices.get(`${provider}/${model}`.toLowerCase())
  if (!price) return undefined
  const inputCost = (price.input * inputTokens) / PER_TOKENS
  const outputCost = (price.output * outputTokens) / PER_TOKENS
  return {
    input_cost: inputCost,
    output_cost: outputCost,
    total_cost: inputCost + outputCost,
    currency: 'USD' as const,
  }
}
