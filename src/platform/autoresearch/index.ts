import type { PlatformModule } from '../core/platform-module'
import { evolveWith, initialState } from './evolve'
import { recordDefaultPolicy } from './rewards/reward-policy'
import { autoresearchRoutes } from './routes'
import type { AutoresearchRules } from './rules'
import type { AutoresearchState } from './state'
import { expireClaims } from './work/decide-claim'

/** The autoresearch subnet system (netuid 94): tasks, replays, rewards, Merkle claims (spec autoresearch.md). */
export const autoresearchPlatform = (rules: AutoresearchRules): PlatformModule<AutoresearchState> => ({
  system: 'autoresearch',
  initial: initialState,
  evolve: evolveWith(rules),
  routes: (services) => autoresearchRoutes(services, rules),
  async tick({ commands }) {
    if (!commands.state.rewardPolicy) await commands.execute(recordDefaultPolicy(rules))
    if (hasDue(commands.state, commands.now())) await commands.execute(expireClaims)
  },
})

/** Open claims are in the order of their opening; a policy may have changed their length, so all are looked at. */
function hasDue({ openClaims, claims }: Readonly<AutoresearchState>, nowMs: number): boolean {
  for (const id of openClaims) if (nowMs >= claims.get(id)!.expiresAtMs) return true
  return false
}
