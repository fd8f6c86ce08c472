import { setTimeout as sleep } from 'node:timers/promises'
import { LedgerError } from '../../errors/ledger-error'
import { type EvaluatorNode, NodeRefused } from './evaluator-node'

export interface RunEvaluationsOptions {
  readonly node: EvaluatorNode
  readonly signal: AbortSignal
  readonly onFailure: (error: unknown) => void
  readonly pollMs?: number
  readonly heartbeatMs?: number
  readonly registerPauseMs?: number
}

/** As the reference's nodes: asked every 45 s, a heartbeat every 15 s, ten tries a minute apart to register (spec bitrecs §3.6, §4). */
const POLL_MS = 45_000
const HEARTBEAT_MS = 15_000
const REGISTER_TRIES = 10
const REGISTER_PAUSE_MS = 60_000

/**
 * Takes evaluations until the signal aborts, then says goodbye. A lost session is opened anew.
 * @throws LedgerError SL-PLATFORM-REFUSES when registration fails ten times
 */
export async function runEvaluations(options: RunEvaluationsOptions): Promise<void> {
  const { node, signal, onFailure } = options
  const beat = setInterval(() => {
    if (node.isConnected) node.heartbeat().catch(onFailure)
  }, options.heartbeatMs ?? HEARTBEAT_MS)
  try {
    while (!signal.aborted) {
      try {
        if (!node.isConnected) await register(options)
        while (!signal.aborted && (await node.work()));
      } catch (error) {
        if (error instanceof LedgerError) throw error
        onFailure(error)
      }
      await sleep(options.pollMs ?? POLL_MS, undefined, { signal }).catch(() => undefined)
    }
  } finally {
    clearInterval(beat)
    if (node.isConnected) await node.disconnect('the node stops').catch(onFailure)
  }
}

async function register({ node, signal, onFailure, registerPauseMs }: RunEvaluationsOptions): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      return await node.register()
    } catch (error) {
      onFailure(error)
      if (attempt >= REGISTER_TRIES) throw refuses(error)
    }
    await sleep(registerPauseMs ?? REGISTER_PAUSE_MS, undefined, { signal }).catch(() => undefined)
  }
}

const refuses = (cause: unknown) =>
  new LedgerError(
    'SL-PLATFORM-REFUSES',
    'user',
    `The platform does not take this node: ${cause instanceof NodeRefused ? cause.body : cause}.`,
    {
      remedy: 'Check the API key, and that the hotkey is one of the platform’s validators.',
      cause,
    },
  )
