import { roundHalfEven } from '../emit-u16'

/** Constants of the superseded relay (spec autoresearch §11). Blocks. */
export const LEGACY = {
  alignBlocks: 100,
  delayRounds: 1,
  lengthBlocks: 1000,
  minRounds: 2,
  votesToFinalise: 2,
} as const

/** Scores are compared as integers of 10^-18. */
const SCORE_SCALE = 1e18

export interface LegacyWindow {
  readonly decisionBlock: number
  readonly startBlock: number
  readonly endBlock: number
}

/** The reward window of a decision made at the latest block any voter had seen. */
export function legacyWindow(seenBlocks: readonly number[]): LegacyWindow {
  const { alignBlocks, delayRounds, lengthBlocks, minRounds } = LEGACY
  const decisionBlock = Math.max(...seenBlocks)
  const startBlock = Math.ceil(decisionBlock / alignBlocks) * alignBlocks + delayRounds * alignBlocks
  const length = Math.max(minRounds, Math.ceil(lengthBlocks / alignBlocks)) * alignBlocks
  return { decisionBlock, startBlock, endBlock: startBlock + length }
}

export interface LegacyVote {
  readonly validator: string
  readonly minerHotkey: string
  readonly score: number
  readonly seenBlock: number
}

export interface LegacyState {
  readonly threshold: number
  /** At most one live vote a validator (invariant 15). */
  readonly votes: readonly LegacyVote[]
}

export type LegacyVerdict = 'recorded' | 'finalised' | 'below_threshold' | 'not_an_upgrade'

export interface LegacyStep {
  readonly verdict: LegacyVerdict
  readonly state: LegacyState
  readonly window?: LegacyWindow
}

/** The key under which votes agree: miner and score as an integer. */
export function legacyScoreKey(score: number): bigint {
  return BigInt(roundHalfEven(score * SCORE_SCALE))
}

/**
 * One vote: an own vote of an earlier aligned round has expired; a live one may be replaced by a higher score only, or by an equal
 * score of another miner; two equal votes finalise, clear all votes and set the threshold.
 */
export function castLegacyVote(state: LegacyState, vote: LegacyVote): LegacyStep {
  if (!(vote.score > state.threshold)) return { verdict: 'below_threshold', state }
  const round = (block: number) => Math.floor(block / LEGACY.alignBlocks)
  const own = state.votes.find((other) => other.validator === vote.validator)
  const isLive = own !== undefined && round(own.seenBlock) === round(vote.seenBlock)
  if (isLive) {
    const isHigher = legacyScoreKey(vote.score) > legacyScoreKey(own.score)
    const isOtherMiner =
      legacyScoreKey(vote.score) === legacyScoreKey(own.score) && own.minerHotkey !== vote.minerHotkey
    if (!isHigher && !isOtherMiner) return { verdict: 'not_an_upgrade', state }
  }
  const votes = [...state.votes.filter((other) => other.validator !== vote.validator), vote]
  const agreeing = votes.filter(
    (other) =>
      other.minerHotkey === vote.minerHotkey && legacyScoreKey(other.score) === legacyScoreKey(vote.score),
  )
  if (agreeing.length < LEGACY.votesToFinalise) return { verdict: 'recorded', state: { ...state, votes } }
  return {
    verdict: 'finalised',
    state: { threshold: vote.score, votes: [] },
    window: legacyWindow(agreeing.map((other) => other.seenBlock)),
  }
}
