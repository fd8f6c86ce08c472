import { encodeAddress } from '@polkadot/util-crypto'
import { type Actor, autoresearch } from '../../scenario/actors'
import type { HotkeySigner } from './client'

const SS58_PREFIX = 42

/** A devnet actor as a client of the platform. */
export function hotkeyOf({ hotkey }: Actor): HotkeySigner {
  return {
    address: encodeAddress(hotkey.account, SS58_PREFIX),
    sign: (text) => Buffer.from(hotkey.sign(Buffer.from(text, 'utf8'))).toString('hex'),
  }
}

export const miners = (): HotkeySigner[] => autoresearch.miners.map(hotkeyOf)
export const validators = (): HotkeySigner[] => autoresearch.validators.map(hotkeyOf)

/** Hotkeys of the scenario's validators, as the platform's allowlist takes them. */
export const autoresearchValidatorAddresses = (): string =>
  validators()
    .map(({ address }) => address)
    .join(',')
