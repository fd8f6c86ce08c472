import { Type } from '@sinclair/typebox'
import type { Json } from '../../canonical-json'
import { NonNegative, open, rule, Text } from '../../case-rule'
import { sha256Hex } from '../../sha256-hex'
import { canonicalBody, signingMessage } from '../signing'

/** The text that a hotkey signs for a request, and the canonical body in it (spec autoresearch §3). */
export const signing = rule(
  'signing message',
  ['method', 'path', 'timestamp'],
  Type.Object(
    {
      method: Text,
      path: Text,
      query: Type.Optional(Text),
      timestamp: NonNegative,
    },
    open,
  ),
  (entry) => {
    const body = canonicalBody(entry.body_json as Json)
    const { method, path, query = '', timestamp } = entry
    const message = signingMessage({ method, path, query, timestamp, body })
    return { canonical_body: body, body_sha256: sha256Hex(body), message, message_sha256: sha256Hex(message) }
  },
)
