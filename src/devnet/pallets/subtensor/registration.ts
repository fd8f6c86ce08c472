import { accountOf, changeAccount } from '../../node/fees'
import { type DispatchContext, ensureSigned } from '../dispatch'
import { ensure, fail } from './failures'
import { appendNeuron, neuronToPrune, replaceNeuron, sizeOf, uidOf } from './neurons'

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

/** Proof of work before 397; the work itself is not checked here, only that it is recent. */
export function register(context: DispatchContext, args: Readonly<Record<string, never>>): void {
  const { netuid, hotkey, coldkey, blockNumber } = args as unknown as {
    netuid: number
    hotkey: string
    coldkey: string
    blockNumber: bigint
  }
  if (context.specVersion >= REGISTER_BURNS_SPEC) {
    burnedRegister(context, netuid, hotkey)
    return
  }
  ensureSigned(context)
  checkOpen(context, netuid, hotkey)
  ensure(blockNumber <= context.height && context.height - Number(blockNumber) < 3, 'InvalidWorkBlock')
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

function checkOpen(context: DispatchContext, netuid: number, hotkey: string): void {
  const { storage } = context
  ensure(storage.get(S('NetworksAdded'), netuid) === true, subnetUnknown(context))
  ensure(storage.get(S('NetworkRegistrationAllowed'), netuid) === true, 'SubNetRegistrationDisabled')
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
  const isFull = sizeOf(storage, netuid) >= storage.get<number>(S('MaxAllowedUids'), netuid)
  const uid = isFull ? neuronToPrune(context, netuid) : appendNeuron(context, netuid, hotkey)
  if (isFull) replaceNeuron(context, netuid, uid, hotkey)
  context.deposit('SubtensorModule.NeuronRegistered', [netuid, uid, hotkey])
}
