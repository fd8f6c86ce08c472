import type { Settings } from '../../../config/config'
import type { Hex } from '../../../log/envelope'
import { accountOf } from '../../core/signatures'
import type { ArtifactRules } from './artifact-rules'
import { type Embedder, httpEmbedder, localEmbedder } from './embedder'
import type { GistSource } from './gist'

/** The settings as submissions need them. */
export interface SubmissionRules {
  readonly netuid: number
  /** Why no upload is taken at all; null: they are. */
  readonly uploadsDisallowed: string | null
  readonly validatorsNeeded: number
  readonly artifactsPerInterval: number
  readonly intervalMs: number
  readonly clientVersions: readonly string[]
  /** Hotkeys of validators: they may not submit. */
  readonly validators: ReadonlySet<Hex>
  readonly artifact: ArtifactRules
  readonly gist: GistSource
  /** 0: any age */
  readonly gistMaxAgeMs: number
  readonly commitmentAttempts: number
  readonly commitmentPauseMs: number
  readonly openRouterUrl: string
  readonly embedder: Embedder
  /** 1 − cosine below which an artifact is refused. */
  readonly similarityThreshold: number
  readonly refusesUnchecked: boolean
}

const PPM = 1_000_000

export function submissionRules(settings: Settings, netuid: number): SubmissionRules {
  return {
    netuid,
    uploadsDisallowed: settings.bitrecsDisallowUploads ? settings.bitrecsDisallowUploadsReason : null,
    validatorsNeeded: settings.bitrecsNumEvalsPerAgent,
    artifactsPerInterval: settings.bitrecsArtifactsPerInterval,
    intervalMs: settings.bitrecsIntervalSeconds * 1000,
    clientVersions: listOf(settings.bitrecsClientVersions),
    validators: validatorAccounts(settings.bitrecsValidators),
    artifact: {
      providers: new Set(listOf(settings.bitrecsProviders).map((name) => name.toUpperCase())),
      refusesUnknownVariables: settings.bitrecsUnknownVariables === 'refuse',
    },
    gist: {
      apiUrl: withoutSlash(settings.bitrecsGistApiUrl),
      rawUrl: withoutSlash(settings.bitrecsGistRawUrl),
      token: settings.bitrecsGithubToken,
      timeoutMs: settings.bitrecsGistTimeoutMs,
    },
    gistMaxAgeMs: settings.bitrecsGistMaxAgeSeconds * 1000,
    commitmentAttempts: settings.bitrecsCommitmentAttempts,
    commitmentPauseMs: settings.bitrecsCommitmentPauseMs,
    openRouterUrl: withoutSlash(settings.bitrecsOpenRouterUrl),
    embedder: embedderOf(settings),
    similarityThreshold: settings.bitrecsSimilarityPpm / PPM,
    refusesUnchecked: settings.bitrecsSimilarityOnError === 'closed',
  }
}

export const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

/** Hotkeys of a list of SS58 addresses; what is no address is passed over. */
export const validatorAccounts = (addresses: string): ReadonlySet<Hex> =>
  new Set(listOf(addresses).flatMap((address) => accountOf(address) ?? []))

const withoutSlash = (url: string) => url.replace(/\/+$/, '')

const embedderOf = (settings: Settings): Embedder =>
  settings.bitrecsEmbedder === 'local'
    ? localEmbedder
    : httpEmbedder({
        url: withoutSlash(settings.bitrecsEmbedderUrl),
        key: settings.bitrecsEmbedderKey,
        model: settings.bitrecsEmbedderModel,
      })
