import { encodeAddress } from '@polkadot/util-crypto'
import { bitrecs } from '../../scenario/actors'

const SS58_PREFIX = 42

/** Hotkeys of the scenario's validators, as the platform's whitelist takes them. */
export const bitrecsValidatorAddresses = (): string =>
  bitrecs.validators.map(({ hotkey }) => encodeAddress(hotkey.account, SS58_PREFIX)).join(',')
