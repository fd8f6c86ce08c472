import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { draft } from '../../core/platform-event'
import { accountOf, addressOf } from '../../core/signatures'
import { done } from '../answer'
import { latestPublished } from '../claims/state'
import { setPolicy } from '../rewards/decide-policy'
import { setRewardPolicy, showRewardPolicy } from '../rewards/reward-policy'
import { snapshotOf } from '../rewards/snapshot'
import type { AutoresearchServices } from '../services'
import { showTask } from '../tasks/show-task'
import { comparatorNow, policyNow } from '../tasks/task-rules'
import { ideasOf } from '../work/decide-submission'
import { showClaim } from '../work/show-claim'
import { needsAdmin } from './authenticate'
import { answered, HotkeyText, Open, refusals, Uuid } from './shapes'
import { showBest, showSubmission } from './show-submission'

const RECENT_SUBMISSIONS = 20
const TARGETS_MAX = 64

const PolicyBody = Type.Object(
  {
    validator_weights: Type.Object(
      {
        mode: Type.Unsafe<'local' | 'burn_uid0' | 'targets'>(
          Type.Union([Type.Literal('local'), Type.Literal('burn_uid0'), Type.Literal('targets')]),
        ),
        targets: Type.Array(
          Type.Object(
            {
              uid: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
              hotkey: Type.Optional(HotkeyText),
              weight: Type.Number(),
            },
            { additionalProperties: false },
          ),
          { maxItems: TARGETS_MAX, default: [] },
        ),
      },
      { additionalProperties: false },
    ),
    transition_policy: Type.Object(
      {
        status: Type.Unsafe<'blocked' | 'ready' | 'active'>(
          Type.Union([Type.Literal('blocked'), Type.Literal('ready'), Type.Literal('active')]),
        ),
      },
      { additionalProperties: false, default: { status: 'blocked' } },
    ),
  },
  { additionalProperties: false },
)

/** Reward policy, snapshot, ideas, and what a dashboard shows (spec autoresearch §4, §9). */
export const rewardRoutes =
  (services: AutoresearchServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules, netuid } = services
    const admin = { onRequest: needsAdmin(services) }
    const Any = Open({})

    app.get(
      '/reward-snapshot',
      {
        schema: {
          summary: 'What weights are set from: the same bytes for the same log',
          response: { 200: Type.String({ description: 'canonical JSON' }), ...refusals() },
        },
      },
      async (_, reply) => {
        const { body, sha256 } = snapshotOf(commands.state, rules)
        reply.header('x-snapshot-sha256', sha256).header('content-type', 'application/json; charset=utf-8')
        return reply.serializer((text: unknown) => String(text)).send(body) as never
      },
    )
    app.get(
      '/reward-policy',
      { ...admin, schema: { summary: 'Operator: reward policy', response: { 200: Any, ...refusals() } } },
      async () => showRewardPolicy(commands.state, rules),
    )
    app.put(
      '/reward-policy',
      {
        ...admin,
        schema: {
          summary: 'Operator: set the reward policy',
          body: PolicyBody,
          response: { 200: Any, ...refusals() },
        },
      },
      async ({ body }, reply) => {
        const { mode, targets } = body.validator_weights
        const input = { mode, targets, transitionStatus: body.transition_policy.status }
        const answer = await commands.execute(setRewardPolicy(input, rules, 'operator'))
        return answered(
          reply,
          answer.status === 200 ? { status: 200, body: showRewardPolicy(commands.state, rules) } : answer,
        )
      },
    )
    app.get(
      '/policy',
      {
        schema: {
          summary: 'Constants of the mechanism as they hold now, and which of them nobody ever published',
          response: { 200: Any, ...refusals() },
        },
      },
      async () => {
        const { state } = commands
        const policy = policyNow(state as never, rules, state.height)
        const isDefault = policy.id === rules.defaultPolicy.id
        return { policy, is_default: isDefault, unpublished: rules.unpublished(policy) }
      },
    )
    app.put(
      '/policy',
      {
        ...admin,
        schema: {
          summary: 'Operator: record constants that hold from a block on',
          body: Type.Object({ policy: Type.Unknown() }, { additionalProperties: false }),
          response: { 200: Any, ...refusals(409) },
        },
      },
      async ({ body }, reply) => answered(reply, await commands.execute(setPolicy(body.policy, rules))),
    )
    app.post(
      '/miner-stakes',
      {
        ...admin,
        schema: {
          summary: 'Operator: record a miner’s stake as read on chain, for the gate',
          body: Type.Object(
            {
              hotkey: HotkeyText,
              stake_rao: Type.String({ pattern: '^(0|[1-9][0-9]{0,19})$' }),
              at_height: Type.Integer({ minimum: 0 }),
            },
            { additionalProperties: false },
          ),
          response: { 200: Any, ...refusals() },
        },
      },
      async ({ body }, reply) => {
        const hotkey = accountOf(body.hotkey)
        if (!hotkey)
          return answered(reply, {
            status: 422,
            body: { detail: 'hotkey_invalid', message: 'No SS58 address' },
          })
        const { stake_rao: stakeRao, at_height: atHeight } = body
        const answer = await commands.execute((_, { timeMs: at }) =>
          done(body, [draft('MinerStakeObserved', { hotkey, stakeRao, atHeight, at })]),
        )
        return answered(reply, answer)
      },
    )
    app.get(
      '/idea-rewards',
      {
        schema: {
          summary:
            'Accepted work that implements another miner’s accepted idea; the amount was never published: null',
          querystring: Type.Object({ task_id: Type.Optional(Uuid) }),
          response: { 200: Open({ idea_rewards: Type.Array(Type.Unknown()) }), ...refusals() },
        },
      },
      async ({ query }) => {
        const { state } = commands
        const tasks = query.task_id ? [query.task_id] : [...state.byTask.keys()]
        const found = tasks.flatMap((taskId) =>
          rules.ideaRewards(ideasOf(state as never, taskId)).map((idea) => ({
            task_id: taskId,
            idea_submission_id: idea.ideaSubmissionId,
            idea_hotkey: idea.ideaHotkey,
            implemented_by: idea.implementedBy,
            implementer_hotkey: idea.implementerHotkey,
            amount_units: idea.amountUnits,
          })),
        )
        return { idea_rewards: found }
      },
    )
    app.get(
      '/onchain/status',
      {
        schema: {
          summary: 'What the platform knows of the chain and the pool',
          response: { 200: Any, ...refusals() },
        },
      },
      async () => {
        const { height, blockTimeMs, merkle } = commands.state
        const published = latestPublished(merkle)
        return {
          netuid,
          anchored_height: height,
          anchored_block_time: new Date(blockTimeMs).toISOString(),
          latest_published_epoch: published?.epoch ?? null,
          latest_published_root: published?.root ?? null,
          veto_count: merkle.vetoes.size,
          contract_hotkey: rules.defaultPolicy.enforcement.contractHotkey,
        }
      },
    )
    app.get(
      '/dashboard',
      { schema: { summary: 'Data of a dashboard in one answer', response: { 200: Any, ...refusals() } } },
      async () => {
        const { state } = commands
        const now = commands.now()
        const submissions = [...state.submissions.values()]
        const counts: Record<string, number> = {}
        for (const { status } of submissions) counts[status] = (counts[status] ?? 0) + 1
        const open = [...state.openClaims].map((id) => showClaim(state.claims.get(id)!, now))
        return {
          tasks: [...state.tasks.values()].map((task) => ({
            ...showTask(task),
            best: showBest(task, state, comparatorNow(state as never, rules, state.height, task.record)),
          })),
          open_claims: open.filter((claim) => claim.status === 'active'),
          submissions_by_status: counts,
          recent_submissions: submissions.slice(-RECENT_SUBMISSIONS).reverse().map(showSubmission),
          jobs_open_by_validator: Object.fromEntries(
            [...state.openJobs].map(([validator, jobs]) => [addressOf(validator), jobs.size]),
          ),
          reward_policy: showRewardPolicy(state, rules),
        }
      },
    )
  }
