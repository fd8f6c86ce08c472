import type { ToolFault } from './tool'

export type ToolRefusalCode =
  | ToolFault
  | 'unknown_tool'
  | 'session_expired'
  | 'session_closed'
  | 'concurrent_call'
  | 'too_many_calls'
  | 'budget_exceeded'

/** A call that charged nothing and left no receipt. */
export class ToolRefused extends Error {
  constructor(
    readonly code: ToolRefusalCode,
    message: string,
  ) {
    super(message)
    this.name = 'ToolRefused'
  }
}
