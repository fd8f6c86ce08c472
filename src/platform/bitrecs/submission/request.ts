/** Body of /submit and /check (spec bitrecs.md §2.2). */
export interface MinerSubmission {
  readonly created_at: string
  readonly github_account: string
  readonly gist_id: string
  readonly hotkey: string
  readonly signature: string
}

/** Headers of /submit. */
export interface Transport {
  readonly signature: string
  /** s since the Unix epoch, as it was sent */
  readonly timestamp: string
  readonly nonce: string
  readonly tNonce: string
  /** X-ORTK: the miner's temporary OpenRouter key. A secret: never in an event, a blob or a message. */
  readonly openRouterKey: string | null
}

/** What the hotkey signs about its gist (§2.3). */
export const submissionMessage = (s: MinerSubmission): string =>
  `${s.created_at}:${s.github_account}:${s.gist_id}:${s.hotkey}`

/** What it signs about this one request. */
export const transportMessage = (s: MinerSubmission, t: Transport, version: string): string =>
  `${submissionMessage(s)}:${t.nonce}:${t.tNonce}:${version}:${t.timestamp}`
