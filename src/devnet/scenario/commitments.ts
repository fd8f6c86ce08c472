import { type Actor, bitrecs, bitrecsRoles, delegate, stranger } from './actors'
import { commit, data, id, proxyCall, utility } from './calls'
import { bitrecsPayload, commitHeightOf } from './gist'
import type { Script, Step } from './step'

const { netuid, miners } = bitrecs
const { copycat, impatient, hesitant, hostile, indirect } = bitrecsRoles

/** Blocks until a timelocked commitment opens. */
export const REVEAL_BLOCKS = 3

export const lockedArtifact =
  (miner: Actor, artifact: string): Step =>
  ({ send, height }, locksmith) =>
    void send(
      miner.hotkey,
      commit(netuid, locksmith.timelocked(bitrecsPayload(artifact), height, REVEAL_BLOCKS)),
    )

const plain =
  (miner: Actor, text: string): Step =>
  ({ send }) =>
    void send(miner.hotkey, commit(netuid, data(text)))

/** An artifact of the miner's own, at its height. */
const own = (artifact: string, step: (artifact: string) => Step) =>
  [commitHeightOf(artifact), step(artifact)] as const

const lockedByItsMiner = [1, 2, 7, 8, 9, 10].map((n) =>
  own(`miner ${n}`, (artifact) => lockedArtifact(miners[n - 1]!, artifact)),
)

/** NUL bytes, invalid UTF-8 and markup: stored exactly, shown safely. */
const MARKUP = '<script>alert(document.domain)</script><img src=x onerror=alert(1)>'
const hostileContent = Buffer.concat([
  Buffer.from([0x00, 0x00, 0xff, 0xfe, 0xc3, 0x28]),
  Buffer.from(MARKUP.repeat(8)).subarray(0, 506),
])

/** What the copycat read in a reveal. */
export const COPIED_ARTIFACT = 'miner 1'

/** In the name of the indirect miner. */
const proxied: Step = ({ send }) => {
  const call = commit(netuid, data(bitrecsPayload('miner 11')))
  send(
    delegate.hotkey,
    proxyCall('proxy', { real: id(indirect.hotkey.account), forceProxyType: undefined, call }),
  )
}

/** An indexer cannot look into if_else: the content has to come from storage. */
const behindIfElse: Step = ({ send, knowsCall }) => {
  if (!knowsCall('Utility.if_else')) return
  const main = commit(4000, data('no such subnet'))
  const fallback = commit(netuid, data(bitrecsPayload('miner 11 anew')))
  send(indirect.hotkey, utility('if_else', { main, fallback }))
}

const grantProxy: Step = ({ send }) =>
  void send(
    indirect.hotkey,
    proxyCall('add_proxy', {
      delegate: id(delegate.hotkey.account),
      proxyType: { __kind: 'Any' },
      delay: 0,
    }),
  )

/** Two in one block by one hotkey: storage holds only the last, the calls hold both. */
const twoInOneBlock: Step = ({ send }) => {
  const calls = [commit(netuid, data('draft')), commit(netuid, data(bitrecsPayload('miner 4 anew')))]
  send(impatient.hotkey, utility('batch', { calls }))
}

export const commitments: Script = [
  ...lockedByItsMiner,
  own('miner 4', (artifact) => plain(impatient, bitrecsPayload(artifact))),
  // The same content, but later: the first miner stays first.
  [25, lockedArtifact(copycat, COPIED_ARTIFACT)],
  // Committed anew before the reveal: the draft never opens.
  own('miner 5 draft', (artifact) => lockedArtifact(hesitant, artifact)),
  own('miner 5', (artifact) => lockedArtifact(hesitant, artifact)),
  [30, ({ send }) => void send(hostile.hotkey, commit(netuid, data(hostileContent)))],
  [32, ({ send }) => void send(impatient.hotkey, commit(netuid))],
  own('miner 4 anew', () => twoInOneBlock),
  // The hotkey of nobody: the extrinsic fails and changes nothing.
  [36, ({ send }) => void send(stranger.hotkey, commit(netuid, data('not registered')))],
  [38, grantProxy],
  own('miner 11', () => proxied),
  own('miner 11 anew', () => behindIfElse),
]
