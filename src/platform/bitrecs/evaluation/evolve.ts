import type { PlatformEvent } from '../../core/platform-event'
import type { BitrecsState } from '../state'

/** Changes `state.evaluation` and the status of agents. */
export function evolveEvaluation(_state: BitrecsState, _event: PlatformEvent): void {}
