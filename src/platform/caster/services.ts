import type { PlatformServices } from '../core/platform-module'
import type { GetNonces } from './auth/get-nonces'
import type { Courier } from './delivery/courier'
import type { CasterRules } from './rules'
import type { CasterState } from './state'

/** What routes and the clock work with. */
export interface CasterServices extends PlatformServices<CasterState> {
  readonly rules: CasterRules
  readonly courier: Courier
  readonly nonces: GetNonces
}
