import { caster } from '../../scenario/actors'
import { hotkeyOf } from '../autoresearch/actors'
import type { HotkeySigner } from '../autoresearch/client'

export const casterMiners = (): HotkeySigner[] => caster.miners.map(hotkeyOf)
export const casterValidators = (): HotkeySigner[] => caster.validators.map(hotkeyOf)
