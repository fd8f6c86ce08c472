import { encodeAddress } from '@polkadot/util-crypto'
import type { Hex } from '../../../log/envelope'
import { Beacon } from '../../pallets/drand/beacon'
import { bitrecs } from '../../scenario/actors'

const SS58_PREFIX = 42

/** G2, compressed, as hex: what validators lock their weights for. */
export const beaconKeyOf = (devnetSeed: number): Hex => `0x${new Beacon(devnetSeed).publicKey.toHex(true)}`

/** Hotkeys of the scenario's validators, as the platform's whitelist takes them. */
export const bitrecsValidatorAddresses = (): string =>
  bitrecs.validators.map(({ hotkey }) => encodeAddress(hotkey.account, SS58_PREFIX)).join(',')
