import { refusalsOf } from '../core/answer'

export { type Answer, done, type Refusal, refusalBody } from '../core/answer'

export const refuse = refusalsOf('autoresearch')
