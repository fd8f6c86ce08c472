import type { ServedSystem } from '../../api/systems'
import type { Settings } from '../../config/config'
import type { Devnet } from '../../devnet'
import type { FollowingValidators } from './follow-as-validators'
import { wantedSystems } from './open-systems'

/** Subnet systems whose miners and validators are played on the devnet. */
export const playedSystems = (settings: Settings): ServedSystem[] =>
  settings.devnetPlayers ? wantedSystems(settings) : []

/** Subnets whose validators set what is decided. */
export const playedNetuids = (settings: Settings): number[] =>
  playedSystems(settings).map(({ netuid }) => netuid)

/** Validators of a system's subnets set what is decided; the script leaves them alone once its history is made. */
export async function followDecided(
  name: string,
  settings: Settings,
  devnet: Devnet,
  rest: Pick<FollowingValidators, 'apiUrl' | 'signal' | 'onTrouble'>,
): Promise<void> {
  const { followAsValidators } = await import('./follow-as-validators.js')
  const { beaconKeyOf } = await import('../../devnet/players/bitrecs/validators.js')
  const { followersOn } = await import('../../devnet/players/followers.js')
  const following = playedSystems(settings)
    .filter(({ system }) => system.name === name)
    .map(({ netuid, system }) => ({ system, ...followersOn(netuid) }))
    .filter(({ seeds }) => seeds.length > 0)
    .map((followers) =>
      followAsValidators({
        ...followers,
        nodeUrl: devnet.wsUrl,
        beaconKey: beaconKeyOf(settings.devnetSeed),
        folder: settings.dataDir,
        ...rest,
      }),
    )
  await Promise.all(following)
}
