import type { PlatformServices } from '../core/platform-module'
import type { AutoresearchRules } from './rules'
import type { AutoresearchState } from './state'

/** What routes work with. */
export interface AutoresearchServices extends PlatformServices<AutoresearchState> {
  readonly rules: AutoresearchRules
}
