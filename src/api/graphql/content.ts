import { createHash } from 'node:crypto'
import { refuse } from './api-error'

/** Longest content that is hashed (bytes); the chain's largest commitment is far smaller. */
const MAX_CONTENT_BYTES = 4096

/**
 * SHA-256 (hex) of the content a question names. Text that begins with 0x and is hex means bytes; to ask for such a text
 * itself, give its contentHash.
 * @throws LedgerError SL-API-CONTENT
 */
export function contentHashFrom(args: { content?: string | null; contentHash?: string | null }): string {
  if (args.contentHash != null) {
    if (args.contentHash.length === 66) return args.contentHash
    throw refuse('SL-API-CONTENT', 'A content hash has 32 bytes.', 'Give the SHA-256 of the content.')
  }
  const content = args.content ?? ''
  const isHex = /^0x([0-9a-fA-F]{2})*$/.test(content)
  const bytes = isHex ? Buffer.from(content.slice(2), 'hex') : Buffer.from(content, 'utf8')
  if (bytes.byteLength > MAX_CONTENT_BYTES) {
    throw refuse('SL-API-CONTENT', 'The content is too long.', `Give at most ${MAX_CONTENT_BYTES} bytes.`)
  }
  return `0x${createHash('sha256').update(bytes).digest('hex')}`
}
