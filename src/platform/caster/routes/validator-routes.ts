import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Metagraph } from '../../core/chain-facts'
import { accountOf, addressOf } from '../../core/signatures'
import { type Refusal, refusing } from '../answer'
import { gatesOf } from '../auth/faults'
import { rfc3339 } from '../batches/spec'
import { policyNow } from '../policy-now'
import type { CasterServices } from '../services'
import type { Validator } from '../state'
import { readBaseUrl } from '../validators/base-url'
import { changeAllowlist, gateOf, registerValidator } from '../validators/decide-validator'
import { needsAdmin, signedRoute, signerOf } from './authenticate'
import { answered, HotkeyText, notFound, Open, refusals, turnedAway } from './shapes'

const HotkeyBody = Type.Object({ hotkey: HotkeyText }, { additionalProperties: false })
const HotkeyParams = Type.Object({ hotkey: HotkeyText })
const Listed = Open({ hotkey: Type.String(), allowlisted: Type.Boolean() })
const noHotkey: Refusal = {
  command: 'change-allowlist',
  status: 422,
  code: 'hotkey_invalid',
  reason: 'That is no SS58 address of this network',
}

/** Validators, their gate, and the allowlist, which says who is sent batches and nothing else (spec caster §9). */
export const validatorRoutes =
  (services: CasterServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, facts, netuid, rules, settings } = services
    const admin = { onRequest: needsAdmin(services) }
    const gates = gatesOf(settings)
    const show = (validator: Validator, { uidOf, permitted }: Metagraph) => {
      const { hotkey, uid, baseUrl, firstAtMs, lastSuccessAtMs } = validator
      const { state } = commands
      const gate = gateOf(validator, commands.now(), rules, policyNow(state, rules, state.height))
      return {
        hotkey: addressOf(hotkey),
        uid,
        base_url: baseUrl,
        first_registered_at: rfc3339(firstAtMs),
        last_success_at: lastSuccessAtMs === null ? null : rfc3339(lastSuccessAtMs),
        functioning: gate.functioning,
        reason: gate.reason,
        hours_left: gate.hoursLeft,
        allowlisted: state.allowlist.has(hotkey),
        has_permit: permitted && uidOf.has(hotkey) ? permitted.has(hotkey) : null,
      }
    }
    const change = (added: boolean) => async (hotkey: string) => {
      const account = accountOf(hotkey)
      return commands.execute(account === null ? refusing(noHotkey) : changeAllowlist(account, added))
    }

    app.post(
      '/validators/register',
      {
        ...signedRoute(services),
        schema: {
          summary: 'Validator: register an endpoint; again changes the address and never the clock',
          body: Type.Object({ base_url: Type.String() }, { additionalProperties: false }),
          response: { 200: Open({ status: Type.String() }), ...refusals(403, 429) },
        },
      },
      async (request, reply) => {
        const signer = signerOf(request)
        const metagraph = await facts.metagraph(netuid)
        const baseUrl = readBaseUrl(request.body.base_url, settings.casterAllowPrivateHosts)
        return answered(
          reply,
          await commands.execute(registerValidator({ signer, baseUrl, metagraph, gates })),
        )
      },
    )
    app.get(
      '/validators',
      {
        schema: {
          summary: 'Registered validators and their gates',
          response: { 200: Open({ validators: Type.Array(Type.Unknown()) }), ...refusals() },
        },
      },
      async () => {
        const validators = [...commands.state.validators.values()]
        // Whoever is registered was so at some block; before the first there is no metagraph.
        if (validators.length === 0) return { validators }
        const metagraph = await facts.metagraph(netuid)
        return { validators: validators.map((validator) => show(validator, metagraph)) }
      },
    )
    app.get(
      '/validators/:hotkey',
      {
        schema: {
          summary: 'Whether a validator is served weights, why, and for how long',
          params: HotkeyParams,
          response: { 200: Open({ hotkey: Type.String(), functioning: Type.Boolean() }), ...refusals(404) },
        },
      },
      async ({ params }, reply) => {
        const validator = commands.state.validators.get(accountOf(params.hotkey) ?? '0x')
        if (!validator) return turnedAway(reply, notFound('validator')) as never
        return show(validator, await facts.metagraph(netuid))
      },
    )
    app.get(
      '/allowlist',
      {
        ...admin,
        schema: {
          summary: 'Operator: validators that are sent batches',
          response: { 200: Open({ hotkeys: Type.Array(Type.String()) }), ...refusals() },
        },
      },
      async () => ({
        needed: settings.casterNeedsAllowlist,
        hotkeys: [...commands.state.allowlist].map(addressOf),
      }),
    )
    app.post(
      '/allowlist',
      {
        ...admin,
        schema: {
          summary: 'Operator: let a validator have batches',
          body: HotkeyBody,
          response: { 200: Listed, ...refusals() },
        },
      },
      async ({ body }, reply) => {
        return answered(reply, await change(true)(body.hotkey))
      },
    )
    app.delete(
      '/allowlist/:hotkey',
      {
        ...admin,
        schema: {
          summary: 'Operator: send a validator no more batches',
          params: HotkeyParams,
          response: { 200: Listed, ...refusals() },
        },
      },
      async ({ params }, reply) => {
        return answered(reply, await change(false)(params.hotkey))
      },
    )
  }
