/**
 * Every failure that a person sees. Three kinds (design §6):
 * `user` – the reader can fix it; `retryable` – trying again may help;
 * `contradiction` – the data contradicts itself: stop, keep everything, say where.
 */
export type ErrorKind = 'user' | 'retryable' | 'contradiction'

export interface ErrorDetail {
  /** What the reader can do about it, as a sentence. */
  readonly remedy: string
  /** Facts that locate the failure (height, hashes, file, port). Never secrets. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
  readonly cause?: unknown
}

export class LedgerError extends Error {
  readonly remedy: string
  readonly facts: Readonly<Record<string, string | number | boolean | null>>

  /** @param code stable, e.g. `SL-NODE-UNREACHABLE`; listed in docs/errors.md */
  constructor(
    readonly code: `SL-${string}`,
    readonly kind: ErrorKind,
    message: string,
    detail: ErrorDetail,
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.name = 'LedgerError'
    this.remedy = detail.remedy
    this.facts = detail.facts ?? {}
  }
}
