import type { PlatformModule, PlatformServices } from '../core/platform-module'
import { GetNonces } from './auth/get-nonces'
import { tickCaster } from './clock'
import { Courier } from './delivery/courier'
import { platformKeyOf } from './delivery/platform-key'
import { evolveWith, initialState } from './evolve'
import { casterRoutes } from './routes'
import type { CasterRules } from './rules'
import type { CasterServices } from './services'
import type { CasterState } from './state'

/** The Caster subnet system (netuid 67): scripts, data sets, batches, validators, the sticky roster, weights (spec caster.md). */
export const casterPlatform = (rules: CasterRules): PlatformModule<CasterState> => {
  // What runs beside the log belongs to one opened platform: a module may be opened for several subnets.
  const opened = new WeakMap<PlatformServices<CasterState>, CasterServices>()
  const servicesOf = (platform: PlatformServices<CasterState>): CasterServices => {
    const known = opened.get(platform)
    if (known) return known
    const nonces = new GetNonces(platform.commands.now())
    const services = { ...platform, rules, nonces, courier: new Courier(platform, rules) }
    opened.set(platform, services)
    return services
  }
  return {
    system: 'caster',
    initial: initialState,
    evolve: evolveWith(rules),
    routes: (platform) => casterRoutes(servicesOf(platform)),
    async tick(platform) {
      const services = servicesOf(platform)
      const { courier, settings } = services
      courier.key ??= platformKeyOf(settings.casterPlatformKeyUri)
      await tickCaster(services)
    },
    async close(platform) {
      await servicesOf(platform).courier.close()
    },
  }
}
