import { hexToU8a } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import { EXISTENTIAL_DEPOSIT_RAO } from '../metadata/frame-pallets'
import {
  type DispatchContext,
  DispatchFailure,
  ensureRoot,
  ensureSigned,
  type Pallet,
} from '../pallets/dispatch'
import { accountOf, changeAccount } from './fees'

/**
 * New code of the devnet is four bytes: the spec version, little-endian. There is no WebAssembly here.
 * @throws DispatchFailure for anything else, or a version that does not grow
 */
function upgradeTo(context: DispatchContext, code: string): void {
  const bytes = hexToU8a(code)
  if (bytes.length !== 4) throw new DispatchFailure('System', 'FailedToExtractRuntimeVersion')
  const specVersion = Buffer.from(bytes).readUInt32LE()
  if (specVersion <= context.specVersion) throw new DispatchFailure('System', 'SpecVersionNeedsToIncrease')
  context.upgrade(specVersion)
}

const setCode = (context: DispatchContext, args: Readonly<Record<string, unknown>>) => {
  ensureRoot(context)
  upgradeTo(context, args.code as string)
}

export const systemPallet: Pallet = {
  name: 'System',
  calls: {
    remark: () => {},
    remark_with_event(context, { remark }) {
      const sender = ensureSigned(context)
      context.deposit('System.Remarked', { sender, hash: blake2AsHex(hexToU8a(remark), 256) })
    },
    set_code: setCode,
    set_code_without_checks: setCode,
  },
  genesis(storage, { balances }) {
    for (const [account, freeRao] of Object.entries(balances)) changeAccount(storage, account, { freeRao })
    const issuance = Object.values(balances).reduce((sum, it) => sum + it, 0n)
    storage.put('Balances.TotalIssuance', [], issuance)
  },
}

export const timestampPallet: Pallet = {
  name: 'Timestamp',
  calls: {
    set({ storage, origin }, { now }) {
      if (origin.kind !== 'None') throw new DispatchFailure('', 'BadOrigin')
      storage.put('Timestamp.Now', [], BigInt(now))
    },
  },
}

const target = (address: { readonly __kind: string; readonly value: string }): string => {
  if (address.__kind !== 'Id' && address.__kind !== 'Address32') throw new DispatchFailure('', 'CannotLookup')
  return address.value
}

function transfer(
  context: DispatchContext,
  from: string,
  to: string,
  amount: bigint,
  keepAlive: boolean,
): void {
  const { storage } = context
  const left = accountOf(storage, from).data.free - amount
  if (left < 0n) throw new DispatchFailure('', 'FundsUnavailable')
  if (keepAlive && left < EXISTENTIAL_DEPOSIT_RAO) throw new DispatchFailure('', 'NotExpendable')
  const isNew = !storage.has('System.Account', to)
  if (isNew && amount < EXISTENTIAL_DEPOSIT_RAO) throw new DispatchFailure('', 'BelowMinimum')
  changeAccount(storage, from, { freeRao: -amount })
  changeAccount(storage, to, { freeRao: amount })
  if (isNew) {
    context.deposit('System.NewAccount', { account: to })
    context.deposit('Balances.Endowed', { account: to, freeBalance: amount })
  }
  context.deposit('Balances.Transfer', { from, to, amount })
}

export const balancesPallet: Pallet = {
  name: 'Balances',
  calls: {
    transfer_allow_death(context, { dest, value }) {
      transfer(context, ensureSigned(context), target(dest), BigInt(value), false)
    },
    transfer_keep_alive(context, { dest, value }) {
      transfer(context, ensureSigned(context), target(dest), BigInt(value), true)
    },
    transfer_all(context, { dest, keepAlive }) {
      const from = ensureSigned(context)
      const { free } = accountOf(context.storage, from).data
      transfer(context, from, target(dest), free - (keepAlive ? EXISTENTIAL_DEPOSIT_RAO : 0n), keepAlive)
    },
    force_transfer(context, { source, dest, value }) {
      ensureRoot(context)
      transfer(context, target(source), target(dest), BigInt(value), false)
    },
    force_set_balance(context, { who, newFree }) {
      ensureRoot(context)
      const account = target(who)
      const before = accountOf(context.storage, account).data.free
      changeAccount(context.storage, account, { freeRao: BigInt(newFree) - before })
      context.deposit('Balances.BalanceSet', { who: account, free: BigInt(newFree) })
    },
  },
}

export const corePallets: readonly Pallet[] = [systemPallet, timestampPallet, balancesPallet]
