import { LedgerError } from '../errors/ledger-error'
import type { SubnetSystem } from './system'
import { autoresearchSystem } from './systems/autoresearch'
import { bitrecsSystem } from './systems/bitrecs'
import { casterSystem } from './systems/caster'

/** Every subnet system of this program. A new one is a line here. */
export const systems: readonly SubnetSystem[] = [bitrecsSystem, autoresearchSystem, casterSystem]

export interface SystemOnSubnet {
  readonly netuid: number
  readonly system: SubnetSystem
}

/**
 * Which system runs on which of the indexed subnets.
 * @param wanted `auto`, `none`, or `name:netuid` separated by commas
 * @throws LedgerError SL-CONFIG
 */
export function systemsOn(
  wanted: string,
  indexed: readonly number[] | 'all',
  known: readonly SubnetSystem[] = systems,
): SystemOnSubnet[] {
  const isIndexed = (netuid: number) => indexed === 'all' || indexed.includes(netuid)
  if (wanted === 'none') return []
  if (wanted === 'auto') {
    return known.flatMap((system) => system.netuids.filter(isIndexed).map((netuid) => ({ netuid, system })))
  }
  const found = wanted.split(',').map((part) => systemFrom(part.trim(), known))
  for (const { netuid } of found) {
    if (!isIndexed(netuid)) throw refuse(`SUBLEDGER_SYSTEMS names subnet ${netuid}, which is not indexed.`)
    if (found.filter((other) => other.netuid === netuid).length > 1)
      throw refuse(`SUBLEDGER_SYSTEMS names subnet ${netuid} twice.`)
  }
  return found
}

function systemFrom(part: string, known: readonly SubnetSystem[]): SystemOnSubnet {
  const [, name, netuid] = /^([a-z]+):(\d{1,4})$/.exec(part) ?? []
  const system = known.find((candidate) => candidate.name === name)
  if (!system) {
    const names = known.map((candidate) => candidate.name).join(', ')
    throw refuse(`"${part}" in SUBLEDGER_SYSTEMS is no system and netuid; known systems: ${names}.`)
  }
  return { netuid: Number(netuid), system }
}

const refuse = (message: string) =>
  new LedgerError('SL-CONFIG', 'user', message, {
    remedy: 'Write e.g. bitrecs:122,caster:67, and index these subnets with --netuid.',
  })
