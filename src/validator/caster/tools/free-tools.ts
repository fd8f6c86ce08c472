import type { Json } from '../../../mechanisms/canonical-json'
import { DEFAULT_PRICES } from '../../../mechanisms/caster/budget'
import { ToolFailed, type Tools } from './tool'

const MICRO = 1_000_000
const usd = (microUsd: bigint) => Number(microUsd) / MICRO

/** The paid tools with the free ones beside them: `tooling_info` tells names and prices, `test_tool` echoes. */
export function withFreeTools(paid: Tools): Tools {
  const tools: Tools = {
    ...paid,
    test_tool: async ({ arguments: { message = '' } }) => ({
      response: { status: 'ok', echo: String(message) },
    }),
    tooling_info: async ({ arguments: given }) => {
      if (Object.keys(given).length > 0)
        throw new ToolFailed('invalid_arguments', 'tooling_info takes no arguments')
      return { response: toolingInfo(Object.keys(tools).sort()) }
    },
  }
  return tools
}

/** Prices of the tools that are there, in USD for people; what is charged is integer micro-USD. */
function toolingInfo(names: readonly string[]): Json {
  const { perCall, perResult, perMillionTokens } = DEFAULT_PRICES
  const models = Object.entries(perMillionTokens).map(([model, { input, output, reasoning }]) => [
    model,
    {
      input_per_million: usd(input),
      output_per_million: usd(output),
      reasoning_per_million: usd(reasoning),
    },
  ])
  const priceOf = (name: string): Json => {
    if (name === 'llm_chat') return { kind: 'per_million_tokens', models: Object.fromEntries(models) }
    if (Object.hasOwn(perResult, name))
      return { kind: 'per_referenceable_result', usd_per_referenceable_result: usd(perResult[name]!) }
    const price = perCall[name] ?? 0n
    return price === 0n ? { kind: 'free' } : { kind: 'flat_per_call', usd_per_call: usd(price) }
  }
  return {
    tool_names: names,
    allowed_tool_models: Object.keys(perMillionTokens),
    pricing: Object.fromEntries(names.map((name) => [name, priceOf(name)])),
  }
}
