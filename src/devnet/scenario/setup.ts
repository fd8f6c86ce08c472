import { type Actor, autoresearch, bitrecs, bitrecsRoles, type Cast, caster, casts, root } from './actors'
import { adminUtils, subtensor, sudo } from './calls'
import type { Script, Step } from './step'

const COMMIT_REVEAL = 'sudo_set_commit_reveal_weights_enabled'

/** Whether weights are committed before they are shown, by netuid. */
export type CommitReveal = Readonly<Record<number, boolean>>

/** Weights are timelocked on 122, committed by hash on 94 (the client's choice) and open on 67. */
export const usualCommitReveal: CommitReveal = {
  [bitrecs.netuid]: true,
  [autoresearch.netuid]: true,
  [caster.netuid]: false,
}

const parameters =
  (commitReveal: CommitReveal): Step =>
  ({ send }) => {
    for (const [netuid, enabled] of Object.entries(commitReveal)) {
      send(root, sudo(adminUtils(COMMIT_REVEAL, { netuid: Number(netuid), enabled })))
    }
    const interval = 1n
    send(
      root,
      sudo(adminUtils('sudo_set_commit_reveal_weights_interval', { netuid: bitrecs.netuid, interval })),
    )
  }

/** More than the least stake, and different, so that validators have different says. */
const stakeRao = (n: number): bigint => BigInt(300 - 50 * n) * 10n ** 9n

/** The most staked get their permits when the epoch ends. */
const stakeOnValidators: Step = ({ send, storage }) => {
  if (!storage.knows('SubtensorModule.TotalHotkeyAlpha')) return
  for (const { netuid, validators } of casts) {
    for (const [n, { coldkey, hotkey }] of validators.entries()) {
      send(coldkey, subtensor('add_stake', { hotkey: hotkey.account, netuid, amountStaked: stakeRao(n) }))
    }
  }
}

/** The miner that leaves later is the oldest, so that it is the first to lose its uid. */
function arrivals({ netuid, miners, validators }: Cast): readonly Actor[] {
  const { leaver } = bitrecsRoles
  const inOrder = netuid === bitrecs.netuid ? [leaver, ...miners.filter((it) => it !== leaver)] : miners
  return [...validators, ...inOrder]
}

/** One neuron of each subnet a block, so that who came first can be told. */
const registerNth =
  (n: number): Step =>
  ({ send }) => {
    for (const cast of casts) {
      const { netuid } = cast
      const neuron = arrivals(cast)[n]
      if (neuron)
        send(neuron.coldkey, subtensor('burned_register', { netuid, hotkey: neuron.hotkey.account }))
    }
  }

const FIRST_REGISTRATION = 2
const longest = Math.max(...casts.map((cast) => arrivals(cast).length))

export const setup = (commitReveal: CommitReveal): Script => [
  [1, parameters(commitReveal)],
  [FIRST_REGISTRATION + 4, stakeOnValidators],
  ...Array.from({ length: longest }, (_, n) => [FIRST_REGISTRATION + n, registerNth(n)] as const),
]
