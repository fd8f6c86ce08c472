import { payEpoch } from './claim-epoch'
import type { AutoresearchClient, HotkeySigner } from './client'
import { contradict, judgeByPeers, postTask, replay, submit } from './moves'

/** What came out, for whoever looks at it afterwards. */
export interface ScenarioOutcome {
  readonly duelTask: string
  readonly incumbent: string
  /** Worse by less than the noise band, but with the smaller artifact: the best. */
  readonly winner: string
  /** Its artifact is not the declared one. */
  readonly tampered: string
  readonly peerTask: string
  readonly byPeers: string
  /** A centerless submission, and the one of another miner that implements its idea. */
  readonly idea: string
  readonly implementation: string
  readonly epoch: number
  readonly paid: readonly string[]
}

export const DUEL_SLUG = 'devnet-ternary-frontier'
const PEER_SLUG = 'devnet-peer-review'
const IDEA_SLUG = 'devnet-centerless-ideas'

/**
 * A duel inside the noise band with a validator that contradicts itself, a tampered artifact, a peer quorum, an idea that another
 * miner implements, and a claim epoch that is vetoed, released and paid.
 * @param cast at least four who hold a uid
 */
export async function playScenario(
  client: AutoresearchClient,
  adminToken: string,
  cast: readonly HotkeySigner[],
): Promise<ScenarioOutcome> {
  const [first, second, third, fourth] = cast
  if (!first || !second || !third || !fourth)
    throw new Error(`four miners are needed, ${cast.length} hold a uid`)
  const duelTask = await postTask(client, adminToken, DUEL_SLUG, { competition_mode: 'standard' })
  const incumbent = await submit(client, duelTask, first, { metric: 8, artifactBytes: 1_000 })
  await replay(client, incumbent, { status: 'accepted', observed_metrics: { heldout_ppl: 8 } })
  await contradict(client, incumbent)
  const winner = await submit(client, duelTask, second, { metric: 7.5, artifactBytes: 900 })
  await replay(client, winner, { status: 'accepted', observed_metrics: { heldout_ppl: 8.05 } })
  const tampered = await submit(client, duelTask, third, { metric: 5, artifactBytes: 800 })
  await replay(client, tampered, {
    status: 'error',
    observed_metrics: {},
    notes: 'artifact_sha256_mismatch: the artifact is not the declared one',
  })
  const modes = { competition_mode: 'peer_evaluation', min_peer_evaluations: 3 }
  const peerTask = await postTask(client, adminToken, PEER_SLUG, modes)
  const byPeers = await submit(client, peerTask, fourth, { metric: 7 })
  await judgeByPeers(client, byPeers, [first, second, third])
  const { idea, implementation } = await implement(client, adminToken, [third, first])
  const { epoch, paid } = await payEpoch(client, adminToken, [second, fourth])
  return { duelTask, incumbent, winner, tampered, peerTask, byPeers, idea, implementation, epoch, paid }
}

/** One miner's accepted idea, and another one's implementation of it; the task has no share of the budget. */
async function implement(
  client: AutoresearchClient,
  token: string,
  [author, builder]: readonly [HotkeySigner, HotkeySigner],
) {
  const modes = { competition_mode: 'centerless', competition_weight: 0 }
  const taskId = await postTask(client, token, IDEA_SLUG, modes)
  const idea = await submit(client, taskId, author, { metric: 9, idea: 'cluster the scales' })
  await replay(client, idea, { status: 'accepted', observed_metrics: { heldout_ppl: 9 } })
  const work = { metric: 8, idea: 'share the clusters', parent: idea }
  const implementation = await submit(client, taskId, builder, work)
  await replay(client, implementation, { status: 'accepted', observed_metrics: { heldout_ppl: 8.5 } })
  return { idea, implementation }
}
