import { encodeAddress } from '@polkadot/util-crypto'
import type { Hex } from '../../../log/envelope'
import { Beacon } from '../../pallets/drand/beacon'
import { bitrecs } from '../../scenario/actors'
import { dissenter } from '../../scenario/weights'

const SS58_PREFIX = 42

/** Validators that set what they find decided. */
export const followers: { readonly netuid: number; readonly seeds: readonly Hex[] } = {
  netuid: bitrecs.netuid,
  // All but the one that is of another opinion.
  seeds: bitrecs.validators.filter((one) => one !== dissenter).map(({ hotkey }) => hotkey.seed),
}

/** G2, compressed, as hex: what validators lock their weights for. */
export const beaconKeyOf = (devnetSeed: number): Hex => `0x${new Beacon(devnetSeed).publicKey.toHex(true)}`

/** Hotkeys of the scenario's validators, as the platform's whitelist takes them. */
export const bitrecsValidatorAddresses = (): string =>
  bitrecs.validators.map(({ hotkey }) => encodeAddress(hotkey.account, SS58_PREFIX)).join(',')
