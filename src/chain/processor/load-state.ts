import type { ClientBase } from 'pg'
import { streamEvents } from '../../log/stream'
import { ChainState } from '../state/chain-state'
import { evolve, stateEventTypes } from '../state/evolve'

/** The state after the last event of the chain logs, folded anew at every start. */
export async function loadState(client: ClientBase): Promise<ChainState> {
  const state = ChainState.empty()
  for await (const events of streamEvents(client, { log: 'chain', types: stateEventTypes })) {
    for (const event of events) evolve(state, event)
  }
  return state
}
