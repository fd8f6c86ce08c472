import { codec } from '@subsquid/ss58'

const SS58_PREFIX = 42
const ss58 = codec(SS58_PREFIX)

/** SS58 of an account as rows (`\x…`) or events (`0x…`) have it. */
export const addressOf = (account: unknown): string => ss58.encode(`0x${String(account).slice(2)}`)
