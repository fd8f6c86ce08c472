import type { Json } from '../../../mechanisms/canonical-json'
import { askProvider } from './provider-request'
import type { TokenUsage } from './tool'

export interface ChatOptions {
  /** Without /v1. */
  readonly baseUrl: string
  readonly apiKey: string
}

export const CHUTES_URL = 'https://llm.chutes.ai'

export interface ChatAnswer {
  readonly response: Json
  readonly text: string
  /** undefined: the host did not say. */
  readonly usage: TokenUsage | undefined
}

/** One chat completion of an OpenAI-compatible host. @throws as `askProvider` */
export async function completeChat(
  { baseUrl, apiKey }: ChatOptions,
  body: { readonly model: string; readonly [key: string]: Json },
  signal: AbortSignal,
): Promise<ChatAnswer> {
  const url = `${baseUrl}/v1/chat/completions`
  const headers = { authorization: `Bearer ${apiKey}` }
  const response = await askProvider({ url, headers, body: { ...body, stream: false }, signal })
  const { choices, usage } = (response ?? {}) as {
    choices?: readonly { message?: { content?: unknown } }[]
    usage?: Usage
  }
  const content = choices?.[0]?.message?.content
  return { response, text: typeof content === 'string' ? content : '', usage: usageOf(body.model, usage) }
}

interface Usage {
  readonly prompt_tokens?: unknown
  readonly completion_tokens?: unknown
  readonly reasoning_tokens?: unknown
  readonly completion_tokens_details?: { readonly reasoning_tokens?: unknown } | null
}

/** Hosts count reasoning within the completion; it is priced apart from it, once. */
function usageOf(model: string, usage: Usage | undefined): TokenUsage | undefined {
  const completion = count(usage?.completion_tokens)
  const input = count(usage?.prompt_tokens)
  if (input === undefined || completion === undefined) return undefined
  const told = usage!.completion_tokens_details?.reasoning_tokens ?? usage!.reasoning_tokens
  const reasoning = Math.min(count(told) ?? 0, completion)
  return { model, input, output: completion - reasoning, reasoning }
}

const count = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
