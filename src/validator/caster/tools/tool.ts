import type { Json } from '../../../mechanisms/canonical-json'

export type ToolArguments = Readonly<Record<string, Json>>

export interface ToolCall {
  readonly tool: string
  readonly arguments: ToolArguments
  /** Micro-USD that the session has left, so that a call can be kept within it where its price depends on the answer. */
  readonly remainingMicroUsd: bigint
  readonly signal: AbortSignal
}

/** Tokens as a provider counted them; `output` without `reasoning`. */
export interface TokenUsage {
  readonly model: string
  readonly input: number
  readonly output: number
  readonly reasoning: number
}

export interface ToolAnswer {
  readonly response: Json
  /** Language models only. */
  readonly usage?: TokenUsage
}

/** One tool. What it throws as ToolFailed is told to the script; everything else is a provider error. */
export type Tool = (call: ToolCall) => Promise<ToolAnswer>

/** By name. A tool that is not there is unknown to scripts. */
export type Tools = Readonly<Record<string, Tool>>

export type ToolFault = 'invalid_arguments' | 'provider_error' | 'timeout'

export class ToolFailed extends Error {
  constructor(
    readonly code: ToolFault,
    message: string,
  ) {
    super(message)
    this.name = 'ToolFailed'
  }
}
