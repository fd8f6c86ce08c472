import { bitrecs, delegate, stranger } from './actors'
import { commit, data, id, proxyCall, utility } from './calls'
import { bitrecsPayload } from './payload'
import type { Script, Step } from './step'

const { netuid, miners } = bitrecs
const [first, second, copycat, impatient, hesitant, hostile] = miners as [
  (typeof miners)[0],
  (typeof miners)[0],
  (typeof miners)[0],
  (typeof miners)[0],
  (typeof miners)[0],
  (typeof miners)[0],
]

export const FIRST_ARTIFACT = 'artifact of the first miner, version 1'
/** Blocks until a timelocked commitment opens. */
const REVEAL_BLOCKS = 3

const locked =
  (miner: (typeof miners)[0], artifact: string): Step =>
  ({ send, height }, locksmith) =>
    void send(
      miner.hotkey,
      commit(netuid, locksmith.timelocked(bitrecsPayload(artifact), height, REVEAL_BLOCKS)),
    )

const plain =
  (miner: (typeof miners)[0], text: string): Step =>
  ({ send }) =>
    void send(miner.hotkey, commit(netuid, data(text)))

/** NUL bytes, invalid UTF-8 and markup: stored exactly, shown safely. */
const MARKUP = '<script>alert(document.domain)</script><img src=x onerror=alert(1)>'
const hostileContent = Buffer.concat([
  Buffer.from([0x00, 0x00, 0xff, 0xfe, 0xc3, 0x28]),
  Buffer.from(MARKUP.repeat(8)).subarray(0, 506),
])

export const commitments: Script = [
  [12, locked(first, FIRST_ARTIFACT)],
  [14, locked(second, 'artifact of the second miner')],
  // The same content, but later: the first miner stays first.
  [18, locked(copycat, FIRST_ARTIFACT)],
  [20, plain(impatient, bitrecsPayload('artifact shown at once'))],
  // Committed anew before the reveal: the first one never opens.
  [22, locked(hesitant, 'first thought')],
  [23, locked(hesitant, 'second thought')],
  [26, ({ send }) => void send(hostile.hotkey, commit(netuid, data(hostileContent)))],
  [28, ({ send }) => void send(impatient.hotkey, commit(netuid))],
  // Two in one block by one hotkey: storage holds only the last, the calls hold both.
  [
    30,
    ({ send }) => {
      const calls = [commit(netuid, data('draft')), commit(netuid, data(bitrecsPayload('final')))]
      send(impatient.hotkey, utility('batch', { calls }))
    },
  ],
  // The hotkey of nobody: the extrinsic fails and changes nothing.
  [32, ({ send }) => void send(stranger.hotkey, commit(netuid, data('not registered')))],
  [
    34,
    ({ send }) =>
      void send(
        second.hotkey,
        proxyCall('add_proxy', {
          delegate: id(delegate.hotkey.account),
          proxyType: { __kind: 'Any' },
          delay: 0,
        }),
      ),
  ],
  [
    36,
    ({ send }) => {
      const call = commit(netuid, data(bitrecsPayload('through a proxy')))
      const real = id(second.hotkey.account)
      send(delegate.hotkey, proxyCall('proxy', { real, forceProxyType: undefined, call }))
    },
  ],
  // An indexer cannot look into if_else: the content has to come from storage.
  [
    38,
    ({ send, knowsCall }) => {
      if (!knowsCall('Utility.if_else')) return
      const main = commit(4000, data('no such subnet'))
      const fallback = commit(netuid, data(bitrecsPayload('by the second branch')))
      send(hesitant.hotkey, utility('if_else', { main, fallback }))
    },
  ],
]
