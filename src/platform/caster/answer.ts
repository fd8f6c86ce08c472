import { type Answer, type Refusal, refusalsOf } from '../core/answer'
import type { Command } from '../core/decider'

export { type Answer, done, type Refusal, refusalBody } from '../core/answer'

export const refuse = refusalsOf('caster')

/** A command that is refused for what it says alone, whatever the state is. */
export const refusing =
  <State>(refusal: Refusal): Command<State, Answer> =>
  (_, { timeMs }) =>
    refuse(refusal, timeMs)
