import { setTimeout as sleep } from 'node:timers/promises'
import type { Devnet } from '../../node/devnet-options'
import { neuronToPrune } from '../../pallets/subtensor/neurons'
import { submitAs } from '../../scenario/act'
import { type Actor, caster, stranger } from '../../scenario/actors'
import { subtensor } from '../../scenario/calls'

const S = (item: string) => `SubtensorModule.${item}`
const { netuid } = caster

/** Whoever takes the uid: the script registers it on the other two subnets only. */
const newcomer = stranger

const isRegistered = ({ node: { storage } }: Devnet, { hotkey }: Actor): boolean =>
  storage.get<number | undefined>(S('Uids'), netuid, hotkey.account) !== undefined

/**
 * A newcomer takes the uid of a miner, once that miner is the one whom the chain would replace: the subnet is full, and who earns nothing
 * and has been there longest goes first. Gives up when the newcomer got another's.
 */
export async function deregister(
  devnet: Devnet,
  miner: Actor,
  { signal, pauseMs }: { readonly signal: AbortSignal; readonly pauseMs: number },
): Promise<void> {
  while (!signal.aborted && isRegistered(devnet, miner) && !isRegistered(devnet, newcomer)) {
    const { storage, chain } = devnet.node
    const next = neuronToPrune({ storage, height: chain.head.height + 1 }, netuid)
    if (storage.get<number | undefined>(S('Uids'), netuid, miner.hotkey.account) === next) {
      const call = subtensor('burned_register', { netuid, hotkey: newcomer.hotkey.account })
      await submitAs(devnet, newcomer.coldkey, call)
    }
    await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}
