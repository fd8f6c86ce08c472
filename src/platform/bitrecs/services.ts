import type { PlatformServices } from '../core/platform-module'
import type { BitrecsState } from './state'

export type BitrecsServices = PlatformServices<BitrecsState>
