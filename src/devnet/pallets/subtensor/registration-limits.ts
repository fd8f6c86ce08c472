import type { Storage } from '../../storage'
import { ensure } from './failures'

const S = (item: string) => `SubtensorModule.${item}`
/** An interval takes so many times its target (`do_burned_registration`). */
const TARGETS_PER_INTERVAL = 3

/** Fails when the block, or the interval, has taken as many registrations as it may. */
export function checkRegistrationLimits(storage: Storage, netuid: number): void {
  const count = (name: string) => storage.get<number>(S(name), netuid)
  ensure(count('RegistrationsThisBlock') < count('MaxRegistrationsPerBlock'), 'TooManyRegistrationsThisBlock')
  ensure(
    count('RegistrationsThisInterval') < count('TargetRegistrationsPerInterval') * TARGETS_PER_INTERVAL,
    'TooManyRegistrationsThisInterval',
  )
}

export function countRegistration(storage: Storage, netuid: number): void {
  for (const name of ['RegistrationsThisBlock', 'RegistrationsThisInterval']) {
    storage.mutate<number>(S(name), [netuid], (n) => n + 1)
  }
}

/** At the start of each block: its count is zero, and so is the interval's when it is over. Prices are not adjusted. */
export function countRegistrations(storage: Storage, netuid: number, height: number): void {
  const set = (name: string, value: number | bigint) => {
    if (storage.get(S(name), netuid) !== value) storage.put(S(name), [netuid], value)
  }
  set('RegistrationsThisBlock', 0)
  const began = Number(storage.get<bigint>(S('LastAdjustmentBlock'), netuid))
  if (height - began < storage.get<number>(S('AdjustmentInterval'), netuid)) return
  set('RegistrationsThisInterval', 0)
  set('LastAdjustmentBlock', BigInt(height))
}
