/** Why a submission is not taken: a stable code, the HTTP status, and words for the miner. */
export interface Refusal {
  readonly code: string
  readonly status: number
  readonly reason: string
  /** Key of the body under which existing clients look for the reason. */
  readonly key: 'detail' | 'error'
  /** What else stands in the body. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** Refused before anything was fetched, or by a rule about who may submit: `{detail}`. */
export const denied = (status: number, code: string, reason: string): Refusal => ({
  code,
  status,
  reason,
  key: 'detail',
})

/** Refused for what was submitted: `{error}`. */
export const faulty = (code: string, reason: string, extra?: Refusal['extra'], status = 400): Refusal => ({
  code,
  status,
  reason,
  key: 'error',
  ...(extra && { extra }),
})

/** What was looked up, or why it could not be used. */
export type Finding<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal }

export const found = <T>(value: T): Finding<T> => ({ ok: true, value })
export const missed = (refusal: Refusal): Finding<never> => ({ ok: false, refusal })
