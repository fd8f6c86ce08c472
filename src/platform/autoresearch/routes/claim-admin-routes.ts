import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { LedgerError } from '../../../errors/ledger-error'
import type { Hex } from '../../../log/envelope'
import type { Command } from '../../core/decider'
import { accountOf } from '../../core/signatures'
import type { Answer } from '../answer'
import { recordPayment } from '../claims/decide-claim-payment'
import { buildEpoch, EPOCH_MAX_LEAVES } from '../claims/decide-epoch'
import {
  challengeEpoch,
  changeVeto,
  discardEpoch,
  publishEpoch,
  resolveChallenge,
} from '../claims/decide-publish'
import type { AutoresearchServices } from '../services'
import type { AutoresearchState } from '../state'
import { needsAdmin } from './authenticate'
import { answered, HotkeyText, Open, refusals } from './shapes'

const closed = { additionalProperties: false }
const Units = Type.String({ pattern: '^(0|[1-9][0-9]{0,29})$' })
const Bytes32 = Type.String({ pattern: '^0x[0-9a-f]{64}$' })
const Words = Type.String({ minLength: 1, maxLength: 500 })
const EpochParams = Type.Object({ id: Type.Integer({ minimum: 1 }) })
const PROOF_MAX_NODES = 64
const NO_LANE = `0x${'0'.repeat(64)}`

const BuildBody = Type.Object(
  {
    scheme_id: Type.Optional(Type.String({ maxLength: 40 })),
    budget_units: Units,
    offchain_lane_id: Type.String({ ...Bytes32, default: NO_LANE }),
    earned: Type.Optional(
      Type.Array(Type.Object({ hotkey: HotkeyText, amount_units: Units }, closed), {
        maxItems: EPOCH_MAX_LEAVES,
      }),
    ),
  },
  closed,
)
type Earned = readonly { readonly hotkey: string; readonly amount_units: string }[]

/** Amounts by hotkey; undefined when one is no hotkey or comes twice. */
function amountsOf(earned: Earned): ReadonlyMap<string, bigint> | undefined {
  const amounts = new Map(earned.map(({ hotkey, amount_units: amount }) => [hotkey, BigInt(amount)]))
  const areHotkeys = earned.every(({ hotkey }) => accountOf(hotkey) !== null)
  return areHotkeys && amounts.size === earned.length ? amounts : undefined
}

/** What the operator of the pool does; each is an event (spec autoresearch §10). */
export const claimAdminRoutes =
  (services: AutoresearchServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules, settings } = services
    app.addHook('onRequest', needsAdmin(services))
    const answers = { 200: Open({}), 201: Open({}), ...refusals(404, 409) }
    const run = async (reply: Parameters<typeof answered>[0], command: Command<AutoresearchState, Answer>) =>
      answered(reply, await commands.execute(command))

    app.post(
      '/admin/epochs',
      { schema: { summary: 'Operator: build the next epoch', body: BuildBody, response: answers } },
      async ({ body }, reply) => {
        const schemeId = body.scheme_id ?? settings.autoresearchClaimScheme
        const refused = (detail: string, message: string) =>
          answered(reply, { status: 422, body: { detail, message } })
        try {
          rules.claims.checkScheme(schemeId)
        } catch (error) {
          if (error instanceof LedgerError) return refused('scheme_unknown', error.message)
          throw error
        }
        const earned = body.earned && amountsOf(body.earned)
        if (body.earned && !earned)
          return refused('earned_invalid', 'Each hotkey is an SS58 address and comes once')
        const laneId = body.offchain_lane_id as Hex
        return run(reply, buildEpoch({ schemeId, laneId, budget: BigInt(body.budget_units), earned }, rules))
      },
    )
    app.post(
      '/admin/epochs/:id/publish',
      {
        schema: {
          summary: 'Operator: record that an epoch was published; the gate looks at every claim first',
          params: EpochParams,
          body: Type.Object(
            { root: Bytes32, total_units: Units, uri: Words, block: Type.Integer({ minimum: 0 }) },
            closed,
          ),
          response: answers,
        },
      },
      async ({ params, body: { root, total_units: total, uri, block } }, reply) =>
        run(reply, publishEpoch(params.id, { root, total: BigInt(total), uri, block }, rules)),
    )
    app.post(
      '/admin/epochs/:id/discard',
      {
        schema: {
          summary: 'Operator: give up an epoch that was not published',
          params: EpochParams,
          body: Type.Object({ reason: Words }, closed),
          response: answers,
        },
      },
      async ({ params, body }, reply) => run(reply, discardEpoch(params.id, body.reason)),
    )
    app.post(
      '/admin/epochs/:id/challenge',
      {
        schema: {
          summary: 'Operator: record a challenge',
          params: EpochParams,
          body: Type.Object({ evidence_hash: Bytes32, challenger: Words }, closed),
          response: answers,
        },
      },
      async ({ params, body }, reply) =>
        run(reply, challengeEpoch(params.id, body.evidence_hash as Hex, body.challenger)),
    )
    app.post(
      '/admin/epochs/:id/resolve',
      {
        schema: {
          summary: 'Operator: record how a challenge ended',
          params: EpochParams,
          body: Type.Object(
            { slash: Type.Boolean(), resolver: Words, beneficiary: Type.Optional(Words) },
            closed,
          ),
          response: answers,
        },
      },
      async ({ params, body: { slash, resolver, beneficiary = null } }, reply) =>
        run(reply, resolveChallenge(params.id, slash, { resolver, beneficiary })),
    )
    app.post(
      '/admin/epochs/:id/veto',
      {
        schema: {
          summary: 'Operator: record a veto, or its end; one locks all claims',
          params: EpochParams,
          body: Type.Object({ active: Type.Boolean(), actor: Words, reason: Words }, closed),
          response: answers,
        },
      },
      async ({ params, body: { active, actor, reason } }, reply) =>
        run(reply, changeVeto(params.id, active, { actor, reason })),
    )
    app.post(
      '/admin/payments',
      {
        schema: {
          summary: 'Operator: record a claim that went to the contract',
          body: Type.Object(
            {
              epoch: Type.Integer({ minimum: 1 }),
              hotkey: HotkeyText,
              extrinsic_hash: Type.Optional(Bytes32),
              proof: Type.Optional(Type.Array(Bytes32, { maxItems: PROOF_MAX_NODES })),
              chain_error: Type.Optional(Words),
            },
            closed,
          ),
          response: answers,
        },
      },
      async ({ body }, reply) => {
        const { epoch, hotkey, proof, extrinsic_hash: extrinsicHash, chain_error: chainError } = body
        const input = {
          epoch,
          hotkey,
          proof,
          extrinsicHash: (extrinsicHash as Hex | undefined) ?? null,
          chainError: chainError ?? null,
        }
        return run(reply, recordPayment(input, BigInt(settings.autoresearchMinTransferUnits), rules))
      },
    )
  }
