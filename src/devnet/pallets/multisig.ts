import { hexToU8a, stringToU8a, u8aConcat } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import type { Decoded } from '../storage'
import type { DispatchContext, Pallet, RuntimeCall } from './dispatch'
import { DispatchFailure, ensureSigned } from './dispatch'
import { resultOf } from './sudo'
import { passOn } from './utility'

interface Timepoint {
  readonly height: number
  readonly index: number
}

interface Open {
  readonly when: Timepoint
  readonly deposit: bigint
  readonly depositor: string
  readonly approvals: readonly string[]
}

const MAX_SIGNATORIES = 100
const ITEM = 'Multisig.Multisigs'

/** An account of several signatories. Public source: `frame/multisig/src/lib.rs` of polkadot-sdk; deposits are not taken. */
export const multisigPallet: Pallet = {
  name: 'Multisig',
  calls: {
    as_multi_threshold_1(context, { otherSignatories, call }) {
      const { account } = open(context, 1, otherSignatories)
      passOn(context.dispatch(call, { kind: 'Signed', account }))
    },
    as_multi: (context, args) => approve(context, args, args.call as RuntimeCall),
    approve_as_multi: (context, args) => approve(context, args, undefined),
    cancel_as_multi(context, { threshold, otherSignatories, timepoint, callHash }) {
      const { account, who } = open(context, threshold, otherSignatories)
      const found = context.storage.get<Open | undefined>(ITEM, account, callHash)
      if (!found) throw new DispatchFailure('Multisig', 'NotFound')
      if (found.depositor !== who) throw new DispatchFailure('Multisig', 'NotOwner')
      checkTimepoint(found, timepoint)
      context.storage.remove(ITEM, account, callHash)
      context.deposit('Multisig.MultisigCancelled', {
        cancelling: who,
        timepoint,
        multisig: account,
        callHash,
      })
    },
  },
}

function open(context: DispatchContext, threshold: number, others: readonly string[]) {
  const who = ensureSigned(context)
  if (threshold < 1 || (threshold === 1 && others.length === 0)) {
    throw new DispatchFailure('Multisig', 'MinimumThreshold')
  }
  if (others.length >= MAX_SIGNATORIES) throw new DispatchFailure('Multisig', 'TooManySignatories')
  if (others.includes(who)) throw new DispatchFailure('Multisig', 'SenderInSignatories')
  if (others.some((o, i) => i > 0 && others[i - 1]! >= o)) {
    throw new DispatchFailure('Multisig', 'SignatoriesOutOfOrder')
  }
  return { who, account: multisigAccount([...others, who], threshold) }
}

function approve(
  context: DispatchContext,
  { threshold, otherSignatories, maybeTimepoint, callHash: givenHash }: Readonly<Record<string, Decoded>>,
  call: RuntimeCall | undefined,
): void {
  const { who, account } = open(context, threshold, otherSignatories)
  const callHash = call ? blake2AsHex(hexToU8a(context.encodeCall(call)), 256) : givenHash
  const found = context.storage.get<Open | undefined>(ITEM, account, callHash)
  if (!found) {
    begin(context, account, callHash, who, maybeTimepoint)
    return
  }
  checkTimepoint(found, maybeTimepoint)
  const approvals = found.approvals.includes(who) ? found.approvals : [...found.approvals, who].sort()
  const timepoint = found.when
  if (call && approvals.length >= threshold) {
    context.storage.remove(ITEM, account, callHash)
    const result = resultOf(context.dispatch(call, { kind: 'Signed', account }))
    context.deposit('Multisig.MultisigExecuted', {
      approving: who,
      timepoint,
      multisig: account,
      callHash,
      result,
    })
    return
  }
  if (approvals === found.approvals) throw new DispatchFailure('Multisig', 'AlreadyApproved')
  context.storage.put(ITEM, [account, callHash], { ...found, approvals })
  context.deposit('Multisig.MultisigApproval', { approving: who, timepoint, multisig: account, callHash })
}

function begin(
  context: DispatchContext,
  account: string,
  callHash: string,
  who: string,
  timepoint: Timepoint | undefined,
): void {
  if (timepoint) throw new DispatchFailure('Multisig', 'UnexpectedTimepoint')
  const when = { height: context.height, index: context.extrinsicIndex }
  context.storage.put(ITEM, [account, callHash], { when, deposit: 0n, depositor: who, approvals: [who] })
  context.deposit('Multisig.NewMultisig', { approving: who, multisig: account, callHash })
}

function checkTimepoint({ when }: Open, given: Timepoint | undefined): void {
  if (!given) throw new DispatchFailure('Multisig', 'NoTimepoint')
  if (given.height !== when.height || given.index !== when.index) {
    throw new DispatchFailure('Multisig', 'WrongTimepoint')
  }
}

/** `blake2_256("modlpy/utilisuba" ++ compact(n) ++ sorted signatories ++ threshold)` */
export function multisigAccount(signatories: readonly string[], threshold: number): string {
  const sorted = [...signatories].sort()
  const bytes = u8aConcat(
    stringToU8a('modlpy/utilisuba'),
    [sorted.length << 2],
    ...sorted.map((s) => hexToU8a(s)),
    [threshold & 0xff, threshold >> 8],
  )
  return blake2AsHex(bytes, 256)
}
