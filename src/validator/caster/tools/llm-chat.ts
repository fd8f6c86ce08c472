import type { Json } from '../../../mechanisms/canonical-json'
import { DEFAULT_PRICES } from '../../../mechanisms/caster/budget'
import { type ChatOptions, completeChat } from './chat-completions'
import { type ToolArguments, ToolFailed, type Tools } from './tool'

const ROLES = ['system', 'user', 'assistant', 'tool']
/** Passed on as they are; everything else is refused. */
const PASSED = [
  'temperature',
  'top_p',
  'stop',
  'seed',
  'response_format',
  'tools',
  'tool_choice',
  'reasoning_effort',
]
const OWN = ['model', 'messages', 'max_tokens', 'max_output_tokens']
const MILLION = 1_000_000n
/** Of a call that names no limit. */
const DEFAULT_MAX_TOKENS = 4_096

/** `llm_chat`: a chat completion of one of the priced models, of at most as many tokens as the session can still pay for. */
export function llmTools(options: ChatOptions): Tools {
  return {
    llm_chat: async ({ arguments: given, remainingMicroUsd, signal }) => {
      const model = modelOf(given)
      const body = {
        model,
        messages: messagesOf(given),
        max_tokens: tokensOf(given, model, remainingMicroUsd),
      }
      const { response, usage } = await completeChat(options, { ...body, ...passed(given) }, signal)
      if (!usage) throw new ToolFailed('provider_error', 'the provider did not say how many tokens were used')
      return { response, usage }
    },
  }
}

function modelOf({ model }: ToolArguments): string {
  if (typeof model === 'string' && Object.hasOwn(DEFAULT_PRICES.perMillionTokens, model)) return model
  const known = Object.keys(DEFAULT_PRICES.perMillionTokens).join(', ')
  throw new ToolFailed('invalid_arguments', `model is none of ${known}`)
}

function messagesOf({ messages }: ToolArguments): Json {
  const isMessage = (one: Json) => {
    const { role, content } = (one ?? {}) as { role?: unknown; content?: unknown }
    return typeof content === 'string' && ROLES.includes(role as string)
  }
  if (Array.isArray(messages) && messages.length > 0 && messages.every(isMessage)) return messages
  throw new ToolFailed('invalid_arguments', 'messages is no list of {role, content}')
}

/** The price is known only afterwards: what the rest of the budget cannot pay for is not asked for (gap C9). */
function tokensOf(given: ToolArguments, model: string, remainingMicroUsd: bigint): number {
  const asked = given.max_output_tokens ?? given.max_tokens ?? DEFAULT_MAX_TOKENS
  if (!Number.isSafeInteger(asked) || (asked as number) < 1)
    throw new ToolFailed('invalid_arguments', 'max_tokens is no positive integer')
  const { output } = DEFAULT_PRICES.perMillionTokens[model]!
  const affordable = Number((remainingMicroUsd * MILLION) / output)
  return Math.max(1, Math.min(asked as number, affordable))
}

function passed(given: ToolArguments): Record<string, Json> {
  const unknown = Object.keys(given).find((name) => !PASSED.includes(name) && !OWN.includes(name))
  if (unknown !== undefined)
    throw new ToolFailed('invalid_arguments', `there is no parameter ${unknown.slice(0, 60)}`)
  const found = PASSED.filter((name) => given[name] !== undefined && given[name] !== null)
  return Object.fromEntries(found.map((name) => [name, given[name] as Json]))
}
