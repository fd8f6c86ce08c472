import type { ApiPromise } from '@polkadot/api'
import type { SubmittableExtrinsic } from '@polkadot/api/types'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { DispatchError } from '@polkadot/types/interfaces'
import type { ISubmittableResult } from '@polkadot/types/types'
import { LedgerError } from '../../errors/ledger-error'
import type { Hex } from '../../log/envelope'

export interface FinalCall {
  readonly blockHash: Hex
  readonly height: number
  readonly extrinsicHash: Hex
  /** `section.method` of every event of the extrinsic. */
  readonly events: readonly string[]
}

export interface SubmitOptions {
  /** Events of which one must be in the finalized block, e.g. subtensorModule.WeightsSet. */
  readonly wanted: readonly string[]
  /** Longest wait for finality (ms). */
  readonly timeoutMs: number
}

/**
 * Sends a call and waits until it is final. Success is one thing only: the wanted event, of this extrinsic, in a finalized block.
 * @throws LedgerError SL-CALL-REFUSED (the chain's own error by name), SL-CALL-NO-EVENT, SL-CALL-NOT-FINAL, SL-CALL-POOL
 */
export async function submitCall(
  api: ApiPromise,
  call: SubmittableExtrinsic<'promise'>,
  pair: KeyringPair,
  { wanted, timeoutMs }: SubmitOptions,
): Promise<FinalCall> {
  const result = await finalResult(api, call, pair, timeoutMs)
  const events = result.events.map(({ event }) => `${event.section}.${event.method}`)
  if (result.dispatchError) throw refused(api, result.dispatchError, call)
  const blockHash = result.status.asFinalized.toHex()
  if (!wanted.some((name) => events.includes(name))) {
    throw new LedgerError(
      'SL-CALL-NO-EVENT',
      'contradiction',
      'The call is final but its event is not there.',
      {
        remedy: 'Look at the block: the chain’s runtime may have changed what it emits.',
        facts: { blockHash, wanted: wanted.join(' or '), events: events.join(', ') },
      },
    )
  }
  const header = await api.rpc.chain.getHeader(blockHash)
  return { blockHash, height: header.number.toNumber(), extrinsicHash: call.hash.toHex(), events }
}

function finalResult(
  api: ApiPromise,
  call: SubmittableExtrinsic<'promise'>,
  pair: KeyringPair,
  timeoutMs: number,
): Promise<ISubmittableResult> {
  return new Promise((resolve, reject) => {
    let stop: (() => void) | undefined
    const timer = setTimeout(() => settle(() => reject(notFinal('no block took it in time'))), timeoutMs)
    const onDisconnect = () => settle(() => reject(notFinal('the connection to the node broke off')))
    const settle = (finish: () => void) => {
      clearTimeout(timer)
      api.off('disconnected', onDisconnect)
      stop?.()
      finish()
    }
    api.on('disconnected', onDisconnect)
    call
      .signAndSend(pair, (result) => {
        if (result.status.isFinalized) settle(() => resolve(result))
        else if (result.isError) settle(() => reject(notFinal(result.status.type)))
      })
      .then((unsubscribe) => {
        stop = unsubscribe
      })
      .catch((cause: Error) => settle(() => reject(poolRefused(cause))))
  })
}

function refused(api: ApiPromise, error: DispatchError, call: SubmittableExtrinsic<'promise'>): LedgerError {
  const name = error.isModule
    ? (({ section, name: own }) => `${section}.${own}`)(api.registry.findMetaError(error.asModule))
    : error.toString()
  return new LedgerError(
    'SL-CALL-REFUSED',
    'user',
    `The chain refused ${call.method.section}.${call.method.method}: ${name}.`,
    {
      remedy: 'The name is the chain’s own; nothing was set.',
      facts: { error: name },
    },
  )
}

const notFinal = (why: string) =>
  new LedgerError('SL-CALL-NOT-FINAL', 'retryable', `The call is not final: ${why}.`, {
    remedy: 'It may still be taken. Look at the validator’s last update before it is sent again.',
    facts: { why },
  })

const poolRefused = (cause: Error) =>
  new LedgerError('SL-CALL-POOL', 'retryable', `The node did not take the call: ${cause.message}.`, {
    remedy: 'Check the balance of the account and the node; nothing was set.',
    cause,
  })
