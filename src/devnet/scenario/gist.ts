import { createHash } from 'node:crypto'
import { SLOT_MS } from '../metadata/frame-pallets'
import { GENESIS_TIME_MS } from '../node/genesis-time'
import { type Actor, bitrecs, newcomer } from './actors'
import { artifactText } from './artifact-text'

/** A gist as GitHub would serve it, with what its miner commits about it. */
export interface Gist {
  readonly artifactName: string
  readonly miner: Actor
  /** 32 hex digits. */
  readonly gistId: string
  /** The GitHub account that owns it. */
  readonly account: string
  /** As Python's `isoformat` writes it: `2026-01-01T00:02:00+00:00`. */
  readonly createdAt: string
  /** `version` of the only commit, 40 hex digits. */
  readonly commitSha: string
  /** The raw file: a YAML artifact. */
  readonly content: string
}

/** Blocks between two newcomers. */
export const NEWCOMER_PERIOD_BLOCKS = 40
/** Height of the commitment of the first newcomer is this after its period begins. */
export const NEWCOMER_COMMIT_BLOCKS = 2
/** The gist is younger than a day when it is submitted, and older than its commitment. */
const WRITTEN_BEFORE_COMMIT_BLOCKS = 3

const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')

/** Heights at which the miners of the cast commit, by miner; 1 is the first. */
const commitHeights: Readonly<Record<string, number>> = {
  'miner 1': 16,
  'miner 2': 18,
  'miner 4': 24,
  'miner 4 anew': 34,
  'miner 5 draft': 26,
  'miner 5': 27,
  'miner 7': 20,
  'miner 8': 21,
  'miner 9': 22,
  'miner 10': 23,
  'miner 11': 40,
  'miner 11 anew': 42,
  'miner 11 hidden': 330,
}

/** The artifacts of the script, in the order of their heights; newcomers' beside them (`newcomer 3`). */
export const scriptedArtifacts: readonly string[] = Object.keys(commitHeights)

/** The block before which an artifact is committed. */
export function commitHeightOf(artifactName: string): number {
  const nth = /^newcomer (\d+)$/.exec(artifactName)?.[1]
  if (nth) return Number(nth) * NEWCOMER_PERIOD_BLOCKS + NEWCOMER_COMMIT_BLOCKS
  const height = commitHeights[artifactName]
  if (height === undefined) throw new Error(`no artifact of the scenario is called ${artifactName}`)
  return height
}

/** Every artifact has prompts of its own. */
const versions: Readonly<Record<string, number>> = { draft: 1, anew: 1, hidden: 2 }
const VERSIONS_PER_MINER = 3

function authorOf(artifactName: string): { readonly miner: Actor; readonly variant: number } {
  const [kind, nth, version = ''] = artifactName.split(' ')
  const n = Number(nth)
  if (kind === 'newcomer') {
    return { miner: newcomer(n), variant: bitrecs.miners.length * VERSIONS_PER_MINER + n }
  }
  return { miner: bitrecs.miners[n - 1]!, variant: VERSIONS_PER_MINER * (n - 1) + (versions[version] ?? 0) }
}

/**
 * The gist of an artifact: the same for everyone and every seed, so that a local host can serve exactly what was
 * committed on chain.
 * @throws Error for a name that the scenario does not know
 */
export function gistOf(artifactName: string): Gist {
  const height = commitHeightOf(artifactName)
  const { miner, variant } = authorOf(artifactName)
  const written = new Date(GENESIS_TIME_MS + (height - WRITTEN_BEFORE_COMMIT_BLOCKS) * SLOT_MS)
  const content = artifactText({ name: `Devnet ${artifactName}`, miner: miner.hotkey, variant })
  return {
    artifactName,
    miner,
    gistId: digest('md5', `gist ${artifactName}`),
    account: miner.name.replaceAll(' ', '-'),
    createdAt: written.toISOString().replace('.000Z', '+00:00'),
    commitSha: digest('sha1', `gist ${artifactName} ${content}`),
    content,
  }
}

/** Every gist that was committed up to a block, oldest first: what a gist host of the scenario serves. */
export function gistsUpTo(height: number): Gist[] {
  const newcomers = Math.floor((height - NEWCOMER_COMMIT_BLOCKS) / NEWCOMER_PERIOD_BLOCKS)
  const names = [
    ...scriptedArtifacts,
    ...Array.from({ length: Math.max(0, newcomers) }, (_, n) => `newcomer ${n + 1}`),
  ]
  return names
    .filter((name) => commitHeightOf(name) <= height)
    .sort((a, b) => commitHeightOf(a) - commitHeightOf(b))
    .map(gistOf)
}

/** What a Bitrecs miner commits about a gist: its commit and the hash of its content (spec bitrecs.md §1.1). */
export const payloadOf = ({ commitSha, content }: Pick<Gist, 'commitSha' | 'content'>): string =>
  `${commitSha}:${digest('sha256', content)}`

export const bitrecsPayload = (artifactName: string): string => payloadOf(gistOf(artifactName))
