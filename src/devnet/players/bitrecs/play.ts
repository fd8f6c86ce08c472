import { setTimeout as sleep } from 'node:timers/promises'
import { EvaluatorNode } from '../../../validator/evaluation/evaluator-node'
import { bitrecs, bitrecsRoles } from '../../scenario/actors'
import { commitHeightOf, type Gist, gistOf, gistsUpTo } from '../../scenario/gist'
import { judge, SCENARIO_SET } from './judge'
import { submit } from './miner'

export interface Play {
  /** `http://host:port` of the API with its platforms. */
  readonly baseUrl: string
  readonly apiKey: string
  readonly screenerPassword: string
  readonly adminToken: string
  readonly signal: AbortSignal
  /** Told what cannot be gone on with. */
  readonly onTrouble?: (error: unknown) => void
  /** Pause between two rounds (ms). */
  readonly pauseMs?: number
}

/** Blocks between a commitment and the reveal that a platform can see. */
const REVEAL_BLOCKS = 5
const PAUSE_MS = 1_000
const HEARTBEAT_MS = 10_000

/** Miners submit what they committed, screeners and validators evaluate it, until the signal aborts. */
export async function playBitrecs(play: Play): Promise<void> {
  const nodes = nodesOf(play)
  const settled = new Set<string>()
  const heard = (error: unknown) => {
    if (!play.signal.aborted) play.onTrouble?.(error)
  }
  // Beside the work: a round with many artifacts takes longer than a session may be silent.
  const beat = setInterval(() => {
    for (const node of nodes) if (node.isConnected) node.heartbeat().catch(heard)
  }, HEARTBEAT_MS)
  while (!play.signal.aborted) {
    await round(play, nodes, settled).catch(heard)
    const pause = { signal: play.signal, ref: false }
    await sleep(play.pauseMs ?? PAUSE_MS, undefined, pause).catch(() => undefined)
  }
  clearInterval(beat)
  for (const node of nodes) {
    if (node.isConnected) await node.disconnect('the devnet stops').catch(() => undefined)
  }
}

async function round(play: Play, nodes: readonly EvaluatorNode[], settled: Set<string>): Promise<void> {
  const seen = await look(play)
  if (!seen) return
  if (seen.evaluationSets.totalCount === 0) await createSet(play)
  for (const node of nodes) {
    // A session from before a kill of this process is still open on the platform: it has to time out first.
    if (!node.isConnected) await node.register()
  }
  const working = nodes.map(async (node) => {
    while (!play.signal.aborted && (await node.work()));
  })
  await Promise.all([submitDue(play, seen.provenance.height, settled), ...working])
}

function nodesOf({ baseUrl, apiKey, screenerPassword: password }: Play): EvaluatorNode[] {
  const common = { baseUrl, apiKey, evaluate: judge, commitHash: 'devnet' }
  const screeners = ['screener-1-1', 'screener-2-1'].map(
    (name) => new EvaluatorNode({ ...common, identity: { kind: 'screener', name, password } }),
  )
  const validators = bitrecs.validators.map(
    ({ hotkey }) => new EvaluatorNode({ ...common, identity: { kind: 'validator', signer: hotkey } }),
  )
  return [...screeners, ...validators]
}

interface Seen {
  readonly provenance: { readonly height: number }
  readonly evaluationSets: { readonly totalCount: number }
}

/** What the platform has indexed, and whether there is a contest; undefined before the first block. */
async function look({ baseUrl }: Play): Promise<Seen | undefined> {
  const query = `{ provenance { height } evaluationSets(netuid: ${bitrecs.netuid}) { totalCount } }`
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ query })
  const asked = await fetch(`${baseUrl}/graphql`, { method: 'POST', headers, body })
  const { data } = (await asked.json()) as { data?: Seen | null }
  return data ?? undefined
}

async function createSet({ baseUrl, adminToken }: Play): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-admin-token': adminToken }
  const body = JSON.stringify(SCENARIO_SET)
  await fetch(`${baseUrl}/admin/evaluation-sets`, { method: 'POST', headers, body })
}

/** The copycat submits the gist of the miner that it copied its commitment from. */
const copied: Gist = { ...gistOf('miner 1'), miner: bitrecsRoles.copycat }
const nameOf = ({ gistId, miner }: Gist) => `${miner.name} ${gistId}`
const isOpen = ({ artifactName }: Gist, height: number) =>
  commitHeightOf(artifactName) + REVEAL_BLOCKS <= height

/** Each gist is submitted once, when its commitment is open; what is refused for good is not sent again. */
async function submitDue(play: Play, height: number, settled: Set<string>): Promise<void> {
  const due = [...gistsUpTo(height), copied].filter((gist) => isOpen(gist, height))
  for (const gist of due.filter((one) => !settled.has(nameOf(one)))) {
    const { status } = await submit(play.baseUrl, gist, Date.now())
    if (status !== 503 && status !== 429) settled.add(nameOf(gist))
  }
}
