import type { TaskRequest } from '../../../mechanisms/caster/task-contract'
import { ENTRYPOINT } from '../batch/batch-spec'
import type { CellFault } from '../batch/cell-result'
import { readLimited } from '../tools/provider-request'
import type { ToolSession } from '../tools/sessions'
import type { SandboxSettings } from './script-sandbox'

/** A script's answer is a verdict, a text and some pairs of ids; what is longer is not read to its end. */
const ANSWER_MAX_BYTES = 65_536
const GATEWAY_TIMEOUT = 504

export type Invoked = { readonly answer: unknown } | { readonly fault: CellFault }

/** Asks a script about one claim (spec caster §3.2). Whatever goes wrong is a fault of this cell; only an abort is thrown. */
export async function invokeEntry(
  sandboxUrl: string,
  request: TaskRequest,
  claimId: string,
  session: Pick<ToolSession, 'id' | 'token'>,
  settings: Pick<SandboxSettings, 'toolsUrl' | 'clientTimeoutMs'>,
  signal: AbortSignal,
): Promise<Invoked> {
  const limit = AbortSignal.timeout(settings.clientTimeoutMs)
  try {
    const response = await fetch(`${sandboxUrl}/entry/${ENTRYPOINT}`, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.any([limit, signal]),
      headers: {
        'content-type': 'application/json',
        'x-caster-session-id': session.id,
        'x-caster-token': session.token,
        'x-caster-host-container-url': settings.toolsUrl,
      },
      body: JSON.stringify({ payload: request, context: { claim_id: claimId } }),
    })
    const body = await readLimited(response, ANSWER_MAX_BYTES)
    if (response.status === GATEWAY_TIMEOUT) return { fault: 'timeout' }
    if (response.status !== 200) return { fault: 'sandbox_invocation_failed' }
    return body ? resultOf(body) : { fault: 'invalid_response' }
  } catch {
    signal.throwIfAborted()
    return { fault: limit.aborted ? 'timeout' : 'sandbox_invocation_failed' }
  }
}

/** The sandbox wraps what the script returned: `{ok: true, result}`. */
function resultOf(body: Buffer): Invoked {
  try {
    const { ok, result } = JSON.parse(body.toString('utf8')) as { ok?: unknown; result?: unknown }
    return ok === true ? { answer: result } : { fault: 'invalid_response' }
  } catch {
    return { fault: 'invalid_response' }
  }
}
