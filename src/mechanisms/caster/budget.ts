/** Prices in integer micro-USD (spec caster §3.1). Sums of floats refuse the twentieth search of an exact budget. */
export interface PriceList {
  /** Per call. */
  readonly perCall: Readonly<Record<string, bigint>>
  /** Per referenceable result. */
  readonly perResult: Readonly<Record<string, bigint>>
  /** Per million tokens. */
  readonly perMillionTokens: Readonly<
    Record<string, { readonly input: bigint; readonly output: bigint; readonly reasoning: bigint }>
  >
}

export const DEFAULT_PRICES: PriceList = {
  perCall: {
    search_web: 2_500n,
    search_x: 3_000n,
    search_items: 2_500n,
    search_repo: 500n,
    get_repo_file: 500n,
    tooling_info: 0n,
    test_tool: 0n,
  },
  perResult: { search_ai: 4_000n },
  perMillionTokens: {
    'openai/gpt-oss-20b': { input: 250_000n, output: 2_000_000n, reasoning: 2_000_000n },
    'openai/gpt-oss-120b': { input: 1_250_000n, output: 10_000_000n, reasoning: 10_000_000n },
  },
}

export interface ToolUsage {
  readonly tool: string
  /** Referenceable results of the call. */
  readonly results?: number
  /** Language model calls only. */
  readonly model?: string
  readonly inputTokens?: number
  readonly outputTokens?: number
  readonly reasoningTokens?: number
}

const MILLION = 1_000_000n

/** Cost of a call in micro-USD, a fraction rounded up; undefined when the price list has no such tool or model. */
export function costOf(usage: ToolUsage, prices: PriceList = DEFAULT_PRICES): bigint | undefined {
  if (usage.model !== undefined) {
    const price = Object.hasOwn(prices.perMillionTokens, usage.model)
      ? prices.perMillionTokens[usage.model]
      : undefined
    if (!price) return undefined
    const { inputTokens = 0, outputTokens = 0, reasoningTokens = 0 } = usage
    const scaled =
      BigInt(inputTokens) * price.input +
      BigInt(outputTokens) * price.output +
      BigInt(reasoningTokens) * price.reasoning
    return (scaled + MILLION - 1n) / MILLION
  }
  if (Object.hasOwn(prices.perResult, usage.tool))
    return prices.perResult[usage.tool]! * BigInt(usage.results ?? 0)
  return Object.hasOwn(prices.perCall, usage.tool) ? prices.perCall[usage.tool] : undefined
}

export interface Budget {
  readonly limitMicroUsd: bigint
  readonly usedMicroUsd: bigint
}

/** Charges a call: refused when the limit would be exceeded, equal is allowed; a refused call changes nothing (invariant 7). */
export function charge(
  budget: Budget,
  costMicroUsd: bigint,
): { readonly accepted: boolean; readonly budget: Budget } {
  const used = budget.usedMicroUsd + costMicroUsd
  if (costMicroUsd < 0n || used > budget.limitMicroUsd) return { accepted: false, budget }
  return { accepted: true, budget: { ...budget, usedMicroUsd: used } }
}
