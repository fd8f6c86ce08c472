import { type Actor, caster } from '../../scenario/actors'
import { hotkeyOf } from '../autoresearch/actors'
import type { HotkeySigner } from '../autoresearch/client'

export const casterMiners = (): HotkeySigner[] => caster.miners.map(hotkeyOf)
export const casterValidators = (): HotkeySigner[] => caster.validators.map(hotkeyOf)

/** The hotkey that signs the platform's calls: its coldkey owns the subnet. Everyone's, as the whole devnet is. */
export const casterPlatformKey = (): string => caster.owner.hotkey.seed

/** SS58, prefix 42. */
export const hotkeyAddress = (actor: Actor): string => hotkeyOf(actor).address
