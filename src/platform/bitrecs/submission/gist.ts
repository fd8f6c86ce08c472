import { hash } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { FetchFailure, fetchLimited, jsonOf, textOf } from './fetch-text'
import { type Finding, faulty, found, missed } from './refusal'

/** An artifact has two prompts of at most 131,072 bytes. */
export const GIST_MAX_BYTES = 262_144
/** The API repeats the content as JSON, and names the owner, the files and the commits. */
const GIST_ANSWER_MAX_BYTES = 2_097_152
/** As GitHub gives them out; nothing that would lead to another path. */
const GIST_ID = /^[0-9a-f]{1,64}$/
const GITHUB_ACCOUNT = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/

export interface GistSource {
  readonly apiUrl: string
  readonly rawUrl: string
  readonly token: string | undefined
  readonly timeoutMs: number
}

/** A gist at its only commit, as GitHub served it. */
export interface GistSnapshot {
  readonly id: string
  readonly account: string
  /** Python's isoformat: 2026-04-01T12:00:00+00:00. */
  readonly createdAt: string
  readonly createdAtMs: number
  /** 40 hex digits: the commit whose content this is. */
  readonly commitSha: string
  /** Commits in its history. */
  readonly commits: number
  readonly content: string
  /** Of the content as UTF-8. */
  readonly sha256: string
}

const ApiGist = Type.Object({
  id: Type.String(),
  created_at: Type.String({ maxLength: 40 }),
  owner: Type.Object({ login: Type.String() }),
  history: Type.Array(Type.Object({ version: Type.String({ pattern: '^[0-9a-f]{40}$' }) }), { minItems: 1 }),
  files: Type.Record(Type.String(), Type.Unknown(), { minProperties: 1 }),
})
const apiGist = TypeCompiler.Compile(ApiGist)

/**
 * What GitHub says about a gist, and the content of exactly the commit that it names: an edit between the two questions changes
 * nothing (spec bitrecs.md §7.7).
 */
export async function fetchGist(
  account: string,
  id: string,
  source: GistSource,
): Promise<Finding<GistSnapshot>> {
  if (!GIST_ID.test(id)) return unusable('gist_id_invalid', 'gist_id is none of GitHub')
  if (!GITHUB_ACCOUNT.test(account))
    return unusable('gist_account_invalid', 'github_account is none of GitHub')
  try {
    const answer = await ask(`${source.apiUrl}/gists/${id}`, GIST_ANSWER_MAX_BYTES, source, true)
    const gist = jsonOf(answer)
    if (!apiGist.Check(gist)) return unusable('gist_unreadable', 'the gist host answers in another form')
    if (gist.id !== id || gist.owner.login.toLowerCase() !== account.toLowerCase()) {
      return unusable('gist_of_another', 'the gist belongs to another account')
    }
    const createdAtMs = Date.parse(gist.created_at)
    if (Number.isNaN(createdAtMs)) return unusable('gist_unreadable', 'the gist has no time of creation')
    const commitSha = gist.history[0]!.version
    const file = encodeURIComponent(Object.keys(gist.files)[0]!)
    const url = `${source.rawUrl}/${account}/${id}/raw/${commitSha}/${file}`
    const content = textOf(await ask(url, GIST_MAX_BYTES, source, false))
    const sha256 = hash('sha256', content, 'hex')
    const createdAt = isoformat(createdAtMs)
    const commits = gist.history.length
    return found({ id, account, createdAt, createdAtMs, commitSha, commits, content, sha256 })
  } catch (error) {
    if (error instanceof FetchFailure) return unusable(`gist_${error.code}`, error.message)
    throw error
  }
}

async function ask(url: string, maxBytes: number, source: GistSource, isApi: boolean): Promise<Buffer> {
  const headers: Record<string, string> = { 'user-agent': 'subledger' }
  if (isApi) headers.accept = 'application/vnd.github+json'
  if (isApi && source.token) headers.authorization = `Bearer ${source.token}`
  const { status, body } = await fetchLimited(url, { timeoutMs: source.timeoutMs, maxBytes }, { headers })
  if (status !== 200) throw new FetchFailure('unreachable', `the gist host answers ${status}`)
  return body
}

const unusable = (code: string, details: string): Finding<never> =>
  missed(faulty(code, 'Failed to submit artifact', { details }))

/** GitHub's times have whole seconds. */
const isoformat = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}+00:00`
