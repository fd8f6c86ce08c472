import { LedgerError } from '../../errors/ledger-error'
import { checkScript } from '../../mechanisms/caster/script'
import { signingMessage } from '../../mechanisms/caster/signing'
import { sha256Hex } from '../../mechanisms/sha256-hex'

const PATH = '/v1/miners/scripts'
const REQUEST_TIMEOUT_MS = 30_000
const DETAIL_MAX_CHARS = 300

export interface ScriptSigner {
  /** SS58, prefix 42. */
  readonly address: string
  /** sr25519, hex without 0x. */
  readonly sign: (text: string) => string
}

/** What the platform made of a script (spec caster §11). */
export interface SubmittedScript {
  readonly uid: number
  readonly artifact_id: string
  readonly content_hash: string
  readonly size_bytes: number
}

/**
 * Submits a miner's script, after the checks that need no platform.
 * @throws LedgerError SL-SCRIPT-UNFIT before anything is sent; SL-PLATFORM-REFUSES with the platform's own reason
 */
export async function submitScript(
  baseUrl: string,
  script: Uint8Array,
  signer: ScriptSigner,
): Promise<SubmittedScript> {
  const sha256 = sha256Hex(script)
  const checked = checkScript(script, sha256, () => false)
  if (typeof checked === 'string') {
    throw new LedgerError('SL-SCRIPT-UNFIT', 'user', `The script is refused: ${checked}.`, {
      remedy: 'Give one UTF-8 file of 1 to 256000 bytes.',
      facts: { reason: checked, bytes: script.length },
    })
  }
  const body = JSON.stringify({ script_b64: Buffer.from(script).toString('base64'), sha256 })
  const signature = signer.sign(signingMessage({ method: 'POST', pathQs: PATH, body }))
  const response = await fetch(`${baseUrl}${PATH}`, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    headers: {
      'content-type': 'application/json',
      authorization: `Bittensor ss58="${signer.address}",sig="${signature}"`,
    },
    body,
  }).catch((cause: Error) => {
    throw refused('user', `it does not answer (${cause.message})`, { status: 0 })
  })
  const text = await response.text()
  if (!response.ok)
    throw refused('user', text.slice(0, DETAIL_MAX_CHARS) || 'no reason', { status: response.status })
  const submitted = JSON.parse(text) as SubmittedScript
  if (submitted.content_hash !== sha256)
    throw refused('contradiction', 'it stored another content than was sent', { sha256 })
  return submitted
}

const refused = (kind: 'user' | 'contradiction', why: string, facts: Record<string, string | number>) =>
  new LedgerError('SL-PLATFORM-REFUSES', kind, `The platform refuses the script: ${why}.`, {
    remedy: 'Check the address of the platform, and that the hotkey is registered and the script is new.',
    facts,
  })
