import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { addressOf } from '../../core/signatures'
import { replayFault, unknownHotkey } from '../auth/faults'
import { rfc3339 } from '../batches/spec'
import { keepScript } from '../private/private-content'
import { duplicateFault, refuseScript, submitScript } from '../scripts/decide-script'
import { readScriptBody } from '../scripts/read-script'
import type { CasterServices } from '../services'
import type { Script } from '../state'
import { signedRoute, signerOf } from './authenticate'
import { answered, HotkeyText, Open, Page, page, refusals } from './shapes'

const ScriptBody = Type.Object(
  {
    script_b64: Type.String({ description: 'one UTF-8 file of at most 256 000 bytes' }),
    sha256: Type.String({ pattern: '^[0-9a-fA-F]{64}$' }),
  },
  { additionalProperties: false },
)
const Submitted = Open({
  uid: Type.Integer(),
  artifact_id: Type.String(),
  content_hash: Type.String(),
  size_bytes: Type.Integer(),
})

const show = ({ artifactId, hotkey, uidAtSubmit, contentSha256, bytes, submittedAtMs }: Script) => ({
  artifact_id: artifactId,
  hotkey: addressOf(hotkey),
  uid_at_submit: uidAtSubmit,
  content_hash: contentSha256,
  size_bytes: bytes,
  submitted_at: rfc3339(submittedAtMs),
})

/** Scripts of miners: anyone sees that there is one, only validators get its bytes (spec caster §2.3, §11). */
export const scriptRoutes =
  (services: CasterServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, facts, netuid, pool, rules } = services
    app.post(
      '/miners/scripts',
      {
        ...signedRoute(services),
        schema: {
          summary: 'Miner: submit a script',
          body: ScriptBody,
          response: { 200: Submitted, ...refusals(403, 409, 413, 429) },
        },
      },
      async (request, reply) => {
        const signer = signerOf(request)
        const { script_b64, sha256 } = request.body
        const registration = await facts.registration(netuid, signer.account)
        const read = registration
          ? readScriptBody(script_b64, sha256, rules)
          : unknownHotkey(netuid, signer.hotkey)
        // Looked at before the bytes are kept; the command looks again at what came meanwhile.
        const fault =
          'code' in read
            ? read
            : (replayFault(commands.state, signer) ?? duplicateFault(commands.state, read.contentHash))
        if ('code' in read || fault) {
          const refusal = refuseScript(signer, fault ?? (read as never), sha256.toLowerCase())
          return answered(reply, await commands.execute(refusal))
        }
        await keepScript(pool, netuid, read.contentHash, read.bytes)
        const input = { signer, uid: registration!.uid, artifactId: randomUUID(), script: read }
        return answered(reply, await commands.execute(submitScript(input)))
      },
    )
    app.get(
      '/miners/scripts',
      {
        schema: {
          summary: 'Submitted scripts, newest first, without their bytes',
          querystring: Type.Object({ ...Page, hotkey: Type.Optional(HotkeyText) }),
          response: {
            200: Open({ scripts: Type.Array(Type.Unknown()), total: Type.Integer() }),
            ...refusals(),
          },
        },
      },
      async ({ query }) => {
        const scripts = [...commands.state.scripts.values()]
          .map(show)
          .filter(({ hotkey }) => !query.hotkey || hotkey === query.hotkey)
        return { scripts: page(scripts, query), total: scripts.length }
      },
    )
  }
