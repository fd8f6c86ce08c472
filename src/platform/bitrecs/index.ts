import type { PlatformModule } from '../core/platform-module'
import { evolve, initialState } from './evolve'
import { bitrecsRoutes } from './routes'
import { sweepSessions } from './routes/evaluation-routes'
import type { BitrecsState } from './state'
import { forgetExpiredKeys } from './submission/temp-keys'

/** The Bitrecs subnet system (netuid 122, test 296): submissions, screening, evaluation (spec bitrecs.md). */
export const bitrecs: PlatformModule<BitrecsState> = {
  system: 'bitrecs',
  initial: initialState,
  evolve,
  routes: bitrecsRoutes,
  async tick(services) {
    await sweepSessions(services)
    await forgetExpiredKeys(services.pool, services.netuid)
  },
}
