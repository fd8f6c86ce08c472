import { autoresearch, bitrecs, caster, casts, root } from './actors'
import { adminUtils, subtensor, sudo } from './calls'
import type { Script, Step } from './step'

const COMMIT_REVEAL = 'sudo_set_commit_reveal_weights_enabled'

/** Weights are timelocked on 122, committed by hash on 94 (the client's choice) and open on 67. */
const parameters: Step = ({ send }) => {
  for (const [netuid, enabled] of [
    [bitrecs.netuid, true],
    [autoresearch.netuid, true],
    [caster.netuid, false],
  ] as const) {
    send(root, sudo(adminUtils(COMMIT_REVEAL, { netuid, enabled })))
  }
  const interval = 1n
  send(
    root,
    sudo(adminUtils('sudo_set_commit_reveal_weights_interval', { netuid: bitrecs.netuid, interval })),
  )
}

const registerValidators: Step = ({ send }) => {
  for (const { netuid, validators } of casts) {
    for (const { coldkey, hotkey } of validators) {
      send(coldkey, subtensor('burned_register', { netuid, hotkey: hotkey.account }))
    }
  }
}

/** One miner of each subnet a block, so that who came first can be told. */
const registerMiner =
  (n: number): Step =>
  ({ send }) => {
    for (const { netuid, miners } of casts) {
      const miner = miners[n]
      if (miner) send(miner.coldkey, subtensor('burned_register', { netuid, hotkey: miner.hotkey.account }))
    }
  }

export const setup: Script = [
  [1, parameters],
  [2, registerValidators],
  ...Array.from({ length: 6 }, (_, n) => [3 + n, registerMiner(n)] as const),
]
