/** Every bound of the API. Names carry the unit; the defaults are those of the configuration where it has one. */
export interface ApiLimits {
  /** Levels of nesting below the operation. */
  readonly maxDepth: number
  /** Points: a field is 1, a connection multiplies what is inside by its page size. */
  readonly maxCost: number
  /** Lexical tokens of the query text. */
  readonly maxTokens: number
  /** Rows of one page. */
  readonly maxPageRows: number
  /** Fields directly below the operation, after fragments are spread. */
  readonly maxRootFields: number
  readonly maxAliases: number
  readonly maxDirectives: number
  /** Fields after fragments are spread. */
  readonly maxFields: number
  /** How often one response name may be asked for in one selection. */
  readonly maxSameNameFields: number
  /** A POST body, variables included. */
  readonly maxBodyBytes: number
  /** The variables of a request as JSON text. */
  readonly maxVariablesBytes: number
  /** Length of the request target, and so of a GET query. */
  readonly maxUrlBytes: number
  /** Time one statement may take (ms). */
  readonly statementTimeoutMs: number
  /** Time one answer may take (ms), waiting for a connection included. */
  readonly requestTimeoutMs: number
  /** Requests that are answered at the same time; more are refused. */
  readonly maxInFlightRequests: number
  /** Live queries that are open at the same time. */
  readonly maxSubscriptions: number
  /** Events held for one live query at a time. */
  readonly maxBufferedEvents: number
  /** A live query's client that takes nothing for this long is cut off (ms). */
  readonly slowClientTimeoutMs: number
}

export const defaultLimits: ApiLimits = {
  maxDepth: 12,
  maxCost: 50_000,
  maxTokens: 2000,
  maxPageRows: 200,
  maxRootFields: 20,
  maxAliases: 30,
  maxDirectives: 20,
  maxFields: 1000,
  maxSameNameFields: 8,
  maxBodyBytes: 65_536,
  maxVariablesBytes: 32_768,
  maxUrlBytes: 8_192,
  statementTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  maxInFlightRequests: 1_000,
  maxSubscriptions: 500,
  maxBufferedEvents: 200,
  slowClientTimeoutMs: 30_000,
}

/** Rows of a page when a query names no size. */
export const DEFAULT_PAGE_ROWS = 25
