import { sha256Hex } from '../sha256-hex'

export interface CasterRequest {
  readonly method: string
  /** Path with the query string. */
  readonly pathQs: string
  readonly body: Uint8Array | string
  /** Strict mode: both are signed, so that a captured request cannot be sent again (gap C7). */
  readonly strict?: { readonly timestamp: number; readonly nonce: string }
}

/** The text a hotkey signs with sr25519: METHOD, path with query, SHA-256 of the body (spec caster §11). */
export function signingMessage({ method, pathQs, body, strict }: CasterRequest): string {
  const lines = [method.toUpperCase(), pathQs, sha256Hex(body)]
  return (strict ? [...lines, String(strict.timestamp), strict.nonce] : lines).join('\n')
}

const MAX_HEADER_CHARACTERS = 512

/** Address and signature (128 hex digits) of `Bittensor ss58="..",sig=".."`; undefined when the header is not of that form. */
export function parseAuthorization(
  header: string,
): { readonly ss58: string; readonly signature: string } | undefined {
  if (header.length > MAX_HEADER_CHARACTERS) return undefined
  const found =
    /^Bittensor\s+ss58="([1-9A-HJ-NP-Za-km-z]{46,50})"\s*,\s*sig="(?:0x)?([0-9a-fA-F]{128})"$/.exec(
      header.trim(),
    )
  return found ? { ss58: found[1]!, signature: found[2]!.toLowerCase() } : undefined
}
