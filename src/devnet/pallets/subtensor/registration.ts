import { accountOf, changeAccount } from '../../node/fees'
import { type DispatchContext, ensureSigned } from '../dispatch'
import { ensure, fail } from './failures'
import { appendNeuron, neuronToPrune, replaceNeuron, sizeOf, uidOf } from './neurons'
import { meetsDifficulty, sealHash } from './proof-of-work'
import { checkRegistrationLimits, countRegistration } from './registration-limits'

/** Since this spec `register` ignores its proof of work and burns like the others (spec chain.md §1.3). */
const REGISTER_BURNS_SPEC = 397
/** Uids of the root network. */
const MAX_ROOT_UIDS = 64

const S = (item: string) => `SubtensorModule.${item}`

/** Pays the price, takes a uid; the event is the same whether the uid was free or somebody lost it. */
export function burnedRegister(context: DispatchContext, netuid: number, hotkey: string): void {
  const coldkey = ensureSigned(context)
  const { storage } = context
  ensure(netuid !== 0, 'RegistrationNotPermittedOnRootSubnet')
  checkOpen(context, netuid, hotkey)
  own(context, coldkey, hotkey)
  const price = storage.get<bigint>(S('Burn'), netuid)
  if (accountOf(storage, coldkey).data.free < price) fail('NotEnoughBalanceToStake')
  changeAccount(storage, coldkey, { freeRao: -price })
  context.deposit('Balances.Withdraw', { who: coldkey, amount: price })
  context.deposit('SubtensorModule.RAORecycledForRegistrationSet', [netuid, price])
  takeUid(context, netuid, hotkey)
}

export function registerLimit(
  context: DispatchContext,
  netuid: number,
  hotkey: string,
  limitPrice: bigint,
): void {
  ensure(context.storage.get<bigint>(S('Burn'), netuid) <= limitPrice, 'RegistrationPriceLimitExceeded')
  burnedRegister(context, netuid, hotkey)
}

interface Work {
  readonly netuid: number
  readonly hotkey: string
  readonly coldkey: string
  readonly blockNumber: bigint
  readonly nonce: bigint
  readonly work: string
}

/** A work is good for so many blocks. */
const WORK_BLOCKS = 3

/** Proof of work before 397, sent by the hotkey itself; an alias of burning since. */
export function register(context: DispatchContext, args: Work): void {
  const { netuid, hotkey, coldkey, blockNumber, nonce, work } = args
  if (context.specVersion >= REGISTER_BURNS_SPEC) {
    burnedRegister(context, netuid, hotkey)
    return
  }
  const { storage, height } = context
  ensure(ensureSigned(context) === hotkey, 'TransactorAccountShouldBeHotKey')
  ensure(netuid !== 0, 'RegistrationNotPermittedOnRootSubnet')
  checkOpen(context, netuid, hotkey, 'NetworkPowRegistrationAllowed')
  ensure(blockNumber <= height && height - Number(blockNumber) < WORK_BLOCKS, 'InvalidWorkBlock')
  ensure(meetsDifficulty(work, storage.get<bigint>(S('Difficulty'), netuid)), 'InvalidDifficulty')
  const blockHash = storage.get<string>('System.BlockHash', Number(blockNumber))
  ensure(sealHash(blockHash, nonce, hotkey) === work, 'InvalidSeal')
  own(context, coldkey, hotkey)
  takeUid(context, netuid, hotkey)
}

export function rootRegister(context: DispatchContext, hotkey: string): void {
  const coldkey = ensureSigned(context)
  ensure(uidOf(context.storage, 0, hotkey) === undefined, 'HotKeyAlreadyRegisteredInSubNet')
  own(context, coldkey, hotkey)
  if (sizeOf(context.storage, 0) >= MAX_ROOT_UIDS) fail('StakeTooLowForRoot')
  const uid = appendNeuron(context, 0, hotkey)
  context.deposit('SubtensorModule.NeuronRegistered', [0, uid, hotkey])
}

function checkOpen(
  context: DispatchContext,
  netuid: number,
  hotkey: string,
  allowed = 'NetworkRegistrationAllowed',
): void {
  const { storage } = context
  ensure(storage.get(S('NetworksAdded'), netuid) === true, subnetUnknown(context))
  ensure(storage.get(S(allowed), netuid) === true, 'SubNetRegistrationDisabled')
  checkRegistrationLimits(storage, netuid)
  ensure(uidOf(storage, netuid, hotkey) === undefined, 'HotKeyAlreadyRegisteredInSubNet')
}

/** The error's name changed with the subnets' own rework. */
export const subnetUnknown = (context: DispatchContext): string =>
  context.specVersion >= 365 ? 'SubnetNotExists' : 'SubNetworkDoesNotExist'

/** The coldkey comes to own the hotkey, or owns it already. */
export function own(context: DispatchContext, coldkey: string, hotkey: string): void {
  const { storage } = context
  if (storage.has(S('Owner'), hotkey)) {
    ensure(storage.get(S('Owner'), hotkey) === coldkey, 'NonAssociatedColdKey')
    return
  }
  storage.put(S('Owner'), [hotkey], coldkey)
  const owned = storage.get<string[]>(S('OwnedHotkeys'), coldkey) ?? []
  storage.put(S('OwnedHotkeys'), [coldkey], [...owned, hotkey])
}

function takeUid(context: DispatchContext, netuid: number, hotkey: string): void {
  const { storage } = context
  ensure(storage.get<number>(S('MaxAllowedUids'), netuid) !== 0, 'NoNeuronIdAvailable')
  const isFull = sizeOf(storage, netuid) >= storage.get<number>(S('MaxAllowedUids'), netuid)
  const uid = isFull ? neuronToPrune(context, netuid) : appendNeuron(context, netuid, hotkey)
  if (isFull) replaceNeuron(context, netuid, uid, hotkey)
  countRegistration(storage, netuid)
  context.deposit('SubtensorModule.NeuronRegistered', [netuid, uid, hotkey])
}
