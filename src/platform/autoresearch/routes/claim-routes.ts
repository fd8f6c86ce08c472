import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import { draft } from '../../core/platform-event'
import { outlookOf } from '../claims/decide-claim-payment'
import { treeOfEpoch } from '../claims/decide-epoch'
import { type ClaimEntry, type ClaimEpoch, defaultEpoch, isClaimable, latestPublished } from '../claims/state'
import type { AutoresearchServices } from '../services'
import { rfc3339 } from '../tasks/show-task'
import { answered, HotkeyText, Open, refusals } from './shapes'

const LISTED_EPOCHS = 20

const EpochParams = Type.Object({ id: Type.Integer({ minimum: 1 }) })
const HotkeyParams = Type.Object({ hotkey: HotkeyText })
const BothParams = Type.Object({ id: Type.Integer({ minimum: 1 }), hotkey: HotkeyText })
const Package = Open({
  epoch: Type.Integer(),
  index: Type.Integer(),
  hotkey: Type.String(),
  recipient_coldkey: Type.String(),
  amount: Type.String(),
  amount_units: Type.String(),
  scheme_id: Type.String(),
  proof: Type.Array(Type.String()),
  root: Type.String(),
})

const showEpoch = (epoch: ClaimEpoch) => ({
  epoch: epoch.epoch,
  status: epoch.status,
  scheme_id: epoch.schemeId,
  offchain_lane_id: epoch.laneId,
  root: epoch.root,
  num_of_leaves: epoch.entries.length,
  total_units: String(epoch.total),
  increments_units: String(epoch.increments),
  budget_units: String(epoch.budget),
  carried_units: String(epoch.carried),
  allocation: epoch.allocation,
  claims_sha256: epoch.claimsSha256,
  uri: epoch.uri,
  published_at_block: epoch.publishedAtBlock,
  built_at: rfc3339(epoch.builtAtMs),
})

/** Epochs, proofs and dry runs for whoever claims (spec autoresearch §10.2). */
export const claimRoutes =
  (services: AutoresearchServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules, settings } = services
    const ready = () => {
      const { merkle } = commands.state
      const epoch = defaultEpoch(merkle)
      return epoch !== undefined && isClaimable(merkle, epoch)
    }
    const isPublic = ({ status }: ClaimEpoch) => status !== 'built' && status !== 'discarded'
    const published = () => commands.state.merkle.epochs.filter(isPublic)
    const epochOf = (id: number | undefined) =>
      id === undefined ? defaultEpoch(commands.state.merkle) : published().find(({ epoch }) => epoch === id)
    const missing = (reply: FastifyReply, detail: string) =>
      answered(reply, { status: 404, body: { detail, message: 'There is no such thing' } }) as never

    app.get(
      '/health',
      {
        schema: {
          summary: 'State of the claim pool',
          response: { 200: Open({ status: Type.String() }), ...refusals() },
        },
      },
      async () => ({
        status: 'ok',
        scheme_id: settings.autoresearchClaimScheme,
        latest_published_epoch: latestPublished(commands.state.merkle)?.epoch ?? null,
        veto_count: commands.state.merkle.vetoes.size,
        claim_ready: ready(),
        proof_api: 'up',
        publisher: 'operator',
        min_transfer_units: String(settings.autoresearchMinTransferUnits),
      }),
    )
    app.get(
      '/epochs',
      {
        schema: {
          summary: 'The newest published epochs',
          response: {
            200: Open({
              epochs: Type.Array(Type.Unknown()),
              default_epoch: Type.Union([Type.Integer(), Type.Null()]),
            }),
            ...refusals(),
          },
        },
      },
      async () => ({
        epochs: published().slice(-LISTED_EPOCHS).reverse().map(showEpoch),
        default_epoch: epochOf(undefined)?.epoch ?? null,
      }),
    )
    const Epoch = { 200: Open({ epoch: Type.Integer(), root: Type.String() }), ...refusals(404) }
    const sendEpoch = (reply: FastifyReply, epoch: ClaimEpoch | undefined) =>
      epoch ? showEpoch(epoch) : missing(reply, 'epoch_not_found')
    app.get('/epoch', { schema: { summary: 'The newest epoch', response: Epoch } }, async (_, reply) =>
      sendEpoch(reply, epochOf(undefined)),
    )
    app.get(
      '/epoch/:id',
      { schema: { summary: 'An epoch', params: EpochParams, response: Epoch } },
      async ({ params }, reply) => sendEpoch(reply, epochOf(params.id)),
    )

    /** Noted once for each leaf, so that the public cannot fill the log. */
    const noteServed = async ({ epoch }: ClaimEpoch, { index, account: hotkey, ...entry }: ClaimEntry) => {
      const name = `${epoch}/${entry.hotkey}`
      if (commands.state.merkle.served.has(name)) return
      await commands.execute((state, { timeMs: at }) => {
        if (state.merkle.served.has(name)) return { events: [], reply: undefined }
        const { recipient } = entry
        const payload = { epoch, index, hotkey, recipient, cumulative: String(entry.cumulative), at }
        return { events: [draft('ClaimProofServed', payload)], reply: undefined }
      })
    }
    const sendPackage = async (reply: FastifyReply, id: number | undefined, hotkey: string) => {
      const epoch = epochOf(id)
      if (!epoch) return missing(reply, 'epoch_not_found')
      const entry = epoch.byHotkey.get(hotkey)
      if (!entry) return missing(reply, 'claim_package_not_found')
      const tree = treeOfEpoch(epoch, rules)
      await noteServed(epoch, entry)
      return {
        epoch: epoch.epoch,
        index: entry.index,
        hotkey,
        recipient_coldkey: entry.recipient,
        amount: String(entry.cumulative),
        amount_units: String(entry.cumulative),
        scheme_id: epoch.schemeId,
        offchain_lane_id: epoch.laneId,
        proof: tree.proof(entry.index),
        root: epoch.root,
        claimable: isClaimable(commands.state.merkle, epoch),
      } as never
    }
    for (const kind of ['proof', 'claim']) {
      const schema = {
        summary: 'The claim package of a hotkey',
        response: { 200: Package, ...refusals(404) },
      }
      app.get(
        `/epoch/${kind}/:hotkey`,
        { schema: { ...schema, params: HotkeyParams } },
        async ({ params }, reply) => sendPackage(reply, undefined, params.hotkey),
      )
      app.get(
        `/epoch/:id/${kind}/:hotkey`,
        { schema: { ...schema, params: BothParams } },
        async ({ params }, reply) => sendPackage(reply, params.id, params.hotkey),
      )
    }
    app.get(
      '/epoch/:id/dry-run/:hotkey',
      {
        schema: {
          summary: 'What a claim would do now: delta, minimum, recipient, veto',
          params: BothParams,
          querystring: Type.Object({
            min_transfer_units: Type.Optional(Type.String({ pattern: '^[0-9]{1,20}$' })),
          }),
          response: { 200: Open({ verdict: Type.String(), delta_units: Type.String() }), ...refusals(404) },
        },
      },
      async ({ params, query }, reply) => {
        const { merkle } = commands.state
        // Also of an epoch that is only built: to look before it is published is what this is for.
        const epoch = merkle.epochs.find((one) => one.epoch === params.id && one.status !== 'discarded')
        if (!epoch) return missing(reply, 'epoch_not_found')
        const entry = epoch.byHotkey.get(params.hotkey)
        if (!entry) return missing(reply, 'claim_package_not_found')
        const minTransfer = BigInt(query.min_transfer_units ?? settings.autoresearchMinTransferUnits)
        const outlook = outlookOf(merkle, epoch, entry, minTransfer, rules)
        return {
          verdict: outlook.verdict,
          delta_units: String(outlook.delta),
          claimed_before_units: String(outlook.claimedBefore),
          claimed_after_units: String(outlook.claimedAfter),
          min_transfer_units: String(minTransfer),
          recipient_coldkey: entry.recipient,
          recipient_now: merkle.recipients.get(params.hotkey) ?? null,
          recipient_changed: merkle.recipients.get(params.hotkey) !== entry.recipient,
        }
      },
    )
  }
