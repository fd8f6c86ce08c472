import * as balances from './balances'
import * as commitments from './commitments'
import * as drand from './drand'
import * as emissions from './emissions'
import { parameters, subnetOwnerHotkeySet } from './hyperparameters'
import type { AbiItem, StorageItem, VariantItem } from './item'
import * as registrations from './registrations'
import * as subnets from './subnets'
import * as swaps from './swaps'
import * as system from './system'
import * as timestamp from './timestamp'
import * as weightCommits from './weight-commits'
import * as weights from './weights'
import * as wrappers from './wrappers'

const modules: readonly object[] = [
  balances,
  commitments,
  drand,
  emissions,
  registrations,
  subnets,
  swaps,
  system,
  timestamp,
  weightCommits,
  weights,
  wrappers,
]

const isItem = (value: unknown): value is AbiItem =>
  typeof value === 'object' && value !== null && 'kind' in value && 'pallet' in value

/** Everything that is read from, or assembled into, a runtime. */
export const items: readonly AbiItem[] = [
  ...modules.flatMap((module): unknown[] => Object.values(module)).filter(isItem),
  ...parameters.flatMap((p): unknown[] => [p.storage, p.event, p.call]).filter(isItem),
  subnetOwnerHotkeySet,
]

export const events = items.filter((i): i is VariantItem => i.kind === 'event')
export const calls = items.filter((i): i is VariantItem => i.kind === 'call')
export const storageItems = items.filter((i): i is StorageItem => i.kind === 'storage')
