import { encodeAddress } from '@polkadot/util-crypto'
import type { Devnet } from '../../node/devnet-options'
import { type Actor, autoresearch, latecomer, stranger } from '../../scenario/actors'
import type { HotkeySigner } from './client'

const SS58_PREFIX = 42
const UIDS = 'SubtensorModule.Uids'

/** A devnet actor as a client of the platform. */
export function hotkeyOf({ hotkey }: Actor): HotkeySigner {
  return {
    address: encodeAddress(hotkey.account, SS58_PREFIX),
    sign: (text) => Buffer.from(hotkey.sign(Buffer.from(text, 'utf8'))).toString('hex'),
  }
}

export const miners = (): HotkeySigner[] => autoresearch.miners.map(hotkeyOf)
/** Whoever of them, and of those who took a miner's place in the course of the script, holds a uid now. */
export const registeredMiners = ({ node: { storage } }: Devnet): HotkeySigner[] =>
  [...autoresearch.miners, latecomer, stranger]
    .filter(({ hotkey: { account } }) => storage.get(UIDS, autoresearch.netuid, account) !== undefined)
    .map(hotkeyOf)
export const validators = (): HotkeySigner[] => autoresearch.validators.map(hotkeyOf)

/** Hotkeys of the scenario's validators, as the platform's allowlist takes them. */
export const autoresearchValidatorAddresses = (): string =>
  validators()
    .map(({ address }) => address)
    .join(',')
