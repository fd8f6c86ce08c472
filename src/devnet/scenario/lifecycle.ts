import { multisigAccount } from '../pallets/multisig'
import {
  autoresearch,
  bitrecs,
  bitrecsRoles,
  caster,
  founder,
  latecomer,
  partners,
  root,
  stranger,
  usurper,
} from './actors'
import { adminUtils, balancesCall, commit, data, id, multisigCall, shield, subtensor, sudo } from './calls'
import { bitrecsPayload, commitHeightOf } from './gist'
import type { Script, Step } from './step'
import { SECOND_MECHANISM_HEIGHT } from './weights'

const ONE_TAO = 10n ** 9n
const MAX_WEIGHT = { refTime: 10_000_000_000n, proofSize: 100_000n }

const signatories = partners.map(({ coldkey }) => coldkey.account).sort()
export const multisig = multisigAccount(signatories, 2)

const register = (netuid: number, hotkey: string) => subtensor('burned_register', { netuid, hotkey })

/** Both partners sign; only the second extrinsic registers, and the multisig pays. */
const approveRegistration =
  (n: 0 | 1, openedAt: number | undefined): Step =>
  ({ send, storage }) => {
    const call = register(caster.netuid, partners[0].hotkey.account)
    const me = partners[n].coldkey
    const open = openedAt !== undefined ? storage.entries('Multisig.Multisigs', multisig)[0]?.[1] : undefined
    if (openedAt !== undefined && !open) return
    send(
      me,
      multisigCall('as_multi', {
        threshold: 2,
        otherSignatories: signatories.filter((s) => s !== me.account),
        maybeTimepoint: (open as { when?: unknown } | undefined)?.when,
        call,
        maxWeight: MAX_WEIGHT,
      }),
    )
  }

const MANY_UIDS = 64
/** After the history: the artifact of whoever loses its uid here has been evaluated, and its scores stand. */
const USURPED_HEIGHT = 690

const allowUids =
  (netuid: number, uids: (present: number) => number): Step =>
  ({ send, storage }) => {
    const maxAllowedUids = uids(storage.get<number>('SubtensorModule.SubnetworkN', netuid))
    send(root, sudo(adminUtils('sudo_set_max_allowed_uids', { netuid, maxAllowedUids })))
  }

/** Nobody sees the call that the shield keeps and runs when the next block begins: only its event, in no extrinsic. */
const hiddenCommitment: Step = ({ send, knowsCall, encodeCall }) => {
  if (!knowsCall('MevShield.store_encrypted')) return
  const call = commit(bitrecs.netuid, data(bitrecsPayload('miner 11 hidden')))
  send(bitrecsRoles.indirect.hotkey, shield('store_encrypted', { encryptedCall: encodeCall(call) }))
}

/** Registrations, replacements, swaps, trims, and a netuid that is used twice. */
export const lifecycle: Script = [
  [
    40,
    ({ send }) =>
      void send(
        partners[0].coldkey,
        balancesCall('transfer_keep_alive', { dest: id(multisig), value: 100n * ONE_TAO }),
      ),
  ],
  [42, approveRegistration(0, undefined)],
  [44, approveRegistration(1, 42)],
  // 94 is full at nine uids: the next registration takes the uid of the weakest.
  [
    46,
    ({ send }) =>
      void send(
        root,
        sudo(adminUtils('sudo_set_max_allowed_uids', { netuid: autoresearch.netuid, maxAllowedUids: 9 })),
      ),
  ],
  [150, ({ send }) => void send(stranger.coldkey, register(autoresearch.netuid, stranger.hotkey.account))],
  // The second miner of 94 goes on under another hotkey.
  [
    170,
    ({ send }) => {
      const miner = autoresearch.miners[1]!
      const swap = { hotkey: miner.hotkey.account, newHotkey: latecomer.hotkey.account, netuid: undefined }
      send(miner.coldkey, subtensor('swap_hotkey', swap))
    },
  ],
  [
    60,
    ({ send }) =>
      void send(founder.coldkey, subtensor('register_network', { hotkey: founder.hotkey.account })),
  ],
  [62, ({ send }) => void send(latecomer.coldkey, register(1, latecomer.coldkey.account))],
  [120, ({ send }) => void send(root, sudo(subtensor('root_dissolve_network', { netuid: 1 })))],
  [
    130,
    ({ send }) =>
      void send(founder.coldkey, subtensor('register_network', { hotkey: founder.hotkey.account })),
  ],
  // 122 is full for two blocks: the stranger gets the uid of the oldest miner that earns nothing.
  [250, allowUids(bitrecs.netuid, (present) => present)],
  [251, ({ send }) => void send(stranger.coldkey, register(bitrecs.netuid, stranger.hotkey.account))],
  [252, allowUids(bitrecs.netuid, () => MANY_UIDS)],
  // Once more while the platform runs: a stranger takes the uid of a miner that has scores.
  [USURPED_HEIGHT, allowUids(bitrecs.netuid, (present) => present)],
  [
    USURPED_HEIGHT + 1,
    ({ send }) => void send(usurper.coldkey, register(bitrecs.netuid, usurper.hotkey.account)),
  ],
  [USURPED_HEIGHT + 2, allowUids(bitrecs.netuid, () => MANY_UIDS)],
  [
    SECOND_MECHANISM_HEIGHT,
    ({ send }) =>
      void send(
        root,
        sudo(adminUtils('sudo_set_mechanism_count', { netuid: caster.netuid, mechanismCount: 2 })),
      ),
  ],
  [commitHeightOf('miner 11 hidden'), hiddenCommitment],
  [
    220,
    ({ send }) =>
      void send(root, sudo(adminUtils('sudo_trim_to_max_allowed_uids', { netuid: caster.netuid, maxN: 8 }))),
  ],
]
