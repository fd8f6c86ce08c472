import type { FrontierReport, LeaderboardRow, SubsetWinner } from '../../mechanisms/bitrecs/inspect'
import { refuse } from '../graphql/api-error'
import type { ApiContext } from '../graphql/context'
import { type AtInput, viewAt } from '../head/view'
import { standAt } from '../read/stand-at'
import { submissionOf } from '../read/submission'

export const bitrecsTypes = /* GraphQL */ `
  "Where a Bitrecs miner stands at the block, under the policy that holds there."
  type LeaderboardRow {
    "1 for the winner; miners with equal points share a rank."
    rank: Int!
    "Identity under the policy: the uid, or hotkey@tenure."
    key: String!
    hotkey: String!
    uid: Int!
    "Points of the subsets it won; of a dominated miner they do not count."
    points: Float!
    "Softmax of the points of those on the frontier."
    weight: Float
    onFrontier: Boolean!
    isWinner: Boolean!
    "Block from which seniority and decay count."
    firstBlock: Int
    "Factor from 1 down to the floor."
    decay: Float
    "Best score by task."
    scores: JSON!
  }

  type FrontierTask { task: String! epsilon: Float! samples: Int }
  type DominatedMiner { key: String! by: [String!]! @listSize(assumed: 64) }
  "The ε-Pareto frontier: who dominates whom, and the ε of each task."
  type Frontier {
    members: [String!]! @listSize(assumed: 64)
    tasks: [FrontierTask!]! @listSize(assumed: 16)
    dominated: [DominatedMiner!]! @listSize(assumed: 256)
  }

  type SubsetWinner {
    tasks: [String!]! @listSize(assumed: 8)
    "Identity of the winner; null: nobody has a score in every task."
    winner: String
    hotkey: String
  }
  type SubsetWinners {
    "2^n − 1 for n tasks."
    total: Int!
    rows: [SubsetWinner!]! @listSize(assumed: 200)
  }

  type SubmissionState { status: String! reason: String! atMs: BigInt! height: Int! seq: BigInt! }
  type SubmissionEvaluation { evaluationId: String! kind: String! validator: String! score: Float outcome: String height: Int! }
  "One submission's whole life up to the block; \`explain\` says why it won or lost."
  type Submission {
    agentId: String!
    hotkey: Account!
    name: String!
    uid: Int!
    revealHeight: Int!
    contentSha256: String!
    status: String!
    history: [SubmissionState!]! @listSize(assumed: 6)
    evaluations: [SubmissionEvaluation!]! @listSize(assumed: 12)
    explain: JSON
  }

  type Decay { hotkey: String! uid: Int! firstBlock: Int decay: Float }

  extend type Query {
    "Bitrecs: all miners with scores, the winner first, at the block."
    leaderboard(netuid: Int!, at: At): [LeaderboardRow!]! @listSize(assumed: 256)
    "Bitrecs: one submission with everything that became of it."
    submission(netuid: Int!, agentId: String!, at: At): Submission
    "Bitrecs: the frontier at the block."
    frontier(netuid: Int!, at: At): Frontier!
    "Bitrecs: winners of the subsets of tasks at the block; \`after\` is the number of rows to pass over."
    subsetWinners(netuid: Int!, at: At, first: Int = 100, after: Int = 0): SubsetWinners!
    "Bitrecs: the decay of each miner, or of one, at the block."
    decay(netuid: Int!, hotkey: String, at: At): [Decay!]! @listSize(assumed: 256)
  }
`

interface Args {
  readonly netuid: number
  readonly at?: AtInput | null
}

async function ask<T>(question: string, args: Args, { api }: ApiContext, more?: unknown): Promise<T> {
  const { system, source, policy } = await standAt(api, args.netuid, viewAt(api, args.at))
  if (system.name !== 'bitrecs') {
    throw refuse(
      'SL-OTHER-SYSTEM',
      `Subnet ${args.netuid} runs ${system.name}, not Bitrecs.`,
      'Ask `decisions` and `explain`, which every system answers.',
    )
  }
  return (await system.inspect(source, policy, question, more)) as T
}

export const bitrecsResolvers = {
  Query: {
    leaderboard: (_: unknown, args: Args, context: ApiContext) =>
      ask<LeaderboardRow[]>('leaderboard', args, context),
    frontier: (_: unknown, args: Args, context: ApiContext) => ask<FrontierReport>('frontier', args, context),
    submission: (_: unknown, args: Args & { agentId: string }, context: ApiContext) =>
      submissionOf(args, context),
    async subsetWinners(_: unknown, args: Args & { first: number; after: number }, context: ApiContext) {
      const { maxPageRows } = context.api.limits
      if (args.first < 1 || args.first > maxPageRows || args.after < 0) {
        throw refuse(
          'SL-API-PAGE',
          `A page has 1 to ${maxPageRows} rows.`,
          'Ask for a smaller page, then the next.',
        )
      }
      const { first, after } = args
      return ask<{ total: number; rows: SubsetWinner[] }>('subsetWinners', args, context, { first, after })
    },
    async decay(_: unknown, args: Args & { hotkey?: string | null }, context: ApiContext) {
      const rows = await ask<LeaderboardRow[]>('leaderboard', args, context)
      return args.hotkey ? rows.filter((row) => row.hotkey === args.hotkey) : rows
    },
  },
}
