import type { Hex } from '../../log/envelope'
import { casts } from '../scenario/actors'
import { dissenter } from '../scenario/weights'

/** Validators of one subnet that set what they find decided. */
export interface Followers {
  readonly netuid: number
  /** Seeds of their hotkeys. */
  readonly seeds: readonly Hex[]
}

/** All of the subnet's but the one that is of another opinion. */
export function followersOn(netuid: number): Followers {
  const validators = casts.find((cast) => cast.netuid === netuid)?.validators ?? []
  return { netuid, seeds: validators.filter((one) => one !== dissenter).map(({ hotkey }) => hotkey.seed) }
}
