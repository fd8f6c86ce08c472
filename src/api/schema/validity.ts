import { refuse } from '../graphql/api-error'
import { contentHashFrom } from '../graphql/content'
import type { ApiContext } from '../graphql/context'
import { type AtInput, viewAt } from '../head/view'
import { judgeCommitment, type Verdict } from '../read/commitment-validity'

export const validityTypes = /* GraphQL */ `
  """
  What a hotkey's commitment is worth at a block, in the subnet's instance there. Content matches a commitment when its SHA-256
  is that of the commitment's readable content: its fields in plain, or the plaintext of a timelock that has opened by then.
  The first rule that applies decides:
  """
  enum CommitmentStatus {
    "1. The hotkey holds no uid of the subnet at the block. What it committed before does not count."
    NOT_REGISTERED
    "2. It holds one, and has committed nothing in this instance of the subnet up to the block."
    NONE
    "3. Its latest commitment matches."
    VALID
    "4. An earlier one matches, and a later commitment has replaced it."
    SUPERSEDED
    "5. Its latest commitment is timelocked and has not opened yet: it may match or not."
    NOT_REVEALED
    "6. It has committed, and nothing it has committed in this instance matches."
    MISMATCH
  }

  type CommitmentValidity {
    netuid: Int!
    hotkey: Account!
    "SHA-256 of the content that was asked for."
    contentHash: Hex!
    status: CommitmentStatus!
    "The status in a sentence, with the blocks that decide it."
    explanation: String!
    "The commitment that matches, or else the latest one."
    commitment: Commitment
    "The tenure that holds at the block, or else the last one."
    tenure: Tenure
    "Whether that commitment was made under that tenure's registration: chain storage outlives a registration."
    committedSinceRegistration: Boolean
    "The log events that prove it."
    evidence: [Event!]! @listSize(assumed: 5)
    provenance: Provenance!
  }

  extend type Query {
    commitmentValidity(
      netuid: Int!
      hotkey: Account!
      "Text; or bytes as 0x and hex."
      content: String
      "SHA-256 of the content."
      contentHash: Hex
      at: At
    ): CommitmentValidity!
  }
`

interface ValidityArgs {
  readonly netuid: number
  readonly hotkey: string
  readonly content?: string | null
  readonly contentHash?: string | null
  readonly at?: AtInput | null
}

export const validityResolvers = {
  Query: {
    commitmentValidity: (_: unknown, args: ValidityArgs, { api }: ApiContext) => {
      if ((args.content == null) === (args.contentHash == null)) {
        throw refuse('SL-API-ARGUMENTS', 'Name the content by itself or by its hash.', 'Give one of the two.')
      }
      return judgeCommitment(viewAt(api, args.at), args.netuid, args.hotkey, contentHashFrom(args))
    },
  },
  CommitmentValidity: {
    evidence: (verdict: Verdict, _: unknown, { loaders }: ApiContext) =>
      loaders.events(verdict.netuid).loadMany(verdict.evidenceSeqs as number[]),
  },
}
