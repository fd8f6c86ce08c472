import { MAIN_MECHANISM } from '../../engine/decide-at'
import { differenceOf, isAwaited, type Vector } from '../../engine/divergence/compare'
import { weightsInForce } from '../../engine/divergence/in-force'
import { recentDecisions } from '../../engine/divergence/recent-decisions'
import { rateLimitOf } from '../../engine/divergence/watch'
import { readPointAt } from '../../projections/core/read-point'
import { SqlRows } from '../../projections/core/sql-rows'
import type { ApiContext } from '../graphql/context'
import { type AtInput, viewAt } from '../head/view'

export const weightVectorTypes = /* GraphQL */ `
  type UidWeight { uid: Int! value: Int! }

  "Three vectors of one validator: recommended by the decision, submitted by its call or opened commit, effective in storage."
  type WeightVectors {
    validator: Account!
    uid: Int
    "Number of the decision in the engine log; null before the first."
    decisionSeq: BigInt
    recommended: [UidWeight!]! @listSize(assumed: 16)
    submitted: [UidWeight!]! @listSize(assumed: 64)
    effective: [UidWeight!]! @listSize(assumed: 64)
    "Number of the weights in the chain log; null: none stand."
    submittedSeq: BigInt
    "Block in which the validator acted: of opened weights that of the commit."
    actedAt: Int
    "Block of its newest commit that is still hidden."
    pendingCommitAt: Int
    "Not while a commit since the decision is still hidden: then there is no cause, and \`detail\` says so."
    agrees: Boolean!
    "Why they differ; null when they agree."
    cause: String
    detail: String
  }

  extend type Query {
    "Recommended, submitted and effective weights of every validator at the block."
    weightVectors(netuid: Int!, at: At): [WeightVectors!]! @listSize(assumed: 32)
  }
`

interface VectorArgs {
  readonly netuid: number
  readonly at?: AtInput | null
}

export const weightVectorResolvers = {
  Query: {
    async weightVectors(_: unknown, { netuid, at }: VectorArgs, { api }: ApiContext) {
      const { height } = viewAt(api, at)
      const source = new SqlRows(api.pool, await readPointAt(api.pool, netuid, height), api.systems.originOf)
      const [decisions, inForce, limit] = await Promise.all([
        recentDecisions(source, MAIN_MECHANISM),
        weightsInForce(source, MAIN_MECHANISM),
        rateLimitOf(source),
      ])
      const [recommended, ...earlier] = decisions
      return inForce.map((one) => {
        const { submitted } = one
        const limitedUntil = limit === null || !submitted ? null : submitted.actedAt + limit
        const comparison = recommended && { ...one, recommended, earlier, limitedUntil, height }
        const difference = comparison && differenceOf(comparison)
        const isHidden = comparison !== undefined && isAwaited(comparison)
        const hidden = isHidden ? `its commit of block ${one.pendingCommitAt} is still hidden` : null
        return {
          ...one,
          decisionSeq: recommended?.seq ?? null,
          recommended: recommended?.u16 ?? [],
          submitted: submitted?.vector ?? [],
          effective: submitted?.effective ?? [],
          submittedSeq: submitted?.seq ?? null,
          actedAt: submitted?.actedAt ?? null,
          agrees: !difference && !isHidden,
          cause: difference?.cause ?? null,
          detail: difference?.detail ?? hidden,
        } satisfies Record<string, unknown> & { recommended: Vector }
      })
    },
  },
}
