import type { LogName } from '../../log/envelope'
import { consistencyHashes, inclusionHashes, rootOf } from '../../log/merkle/stored-tree'
import { refuse } from '../graphql/api-error'
import type { ApiContext, ApiServices } from '../graphql/context'
import { type AtInput, provenanceOf, viewAt } from '../head/view'

export const proofTypes = /* GraphQL */ `
  "Shows that an event is in a log: RFC 6962 §2.1.1, verified as RFC 9162 §2.1.3.2."
  type InclusionProof {
    log: LogName!
    netuid: Int!
    seq: BigInt!
    size: BigInt!
    leafHash: Hex!
    root: Hex!
    "From the leaf's end to the root's."
    hashes: [Hex!]! @listSize(assumed: 40)
  }

  "Shows that a log of \`size\` events begins with that of \`fromSize\`: RFC 6962 §2.1.2."
  type ConsistencyProof {
    log: LogName!
    netuid: Int!
    fromSize: BigInt!
    size: BigInt!
    fromRoot: Hex!
    root: Hex!
    hashes: [Hex!]! @listSize(assumed: 40)
  }

  "A signed statement about a log (C2SP checkpoint, signed note)."
  type Checkpoint {
    log: LogName!
    netuid: Int!
    size: BigInt!
    root: Hex!
    "Last block it covers."
    height: Int!
    blockHash: Hex!
    "The signed note, to be verified as it stands."
    note: String!
  }

  extend type Query {
    "size: of the log in which the event is to be shown; default: the log at the block."
    inclusionProof(netuid: Int!, seq: BigInt!, log: LogName = chain, size: BigInt, at: At): InclusionProof!
    consistencyProof(netuid: Int!, fromSize: BigInt!, log: LogName = chain, size: BigInt, at: At): ConsistencyProof!
    "The latest checkpoint up to the block; null when none was signed."
    checkpoint(netuid: Int!, log: LogName = chain, at: At): Checkpoint
  }
`

interface ProofArgs {
  readonly netuid: number
  readonly log: LogName
  readonly size?: string | null
  readonly at?: AtInput | null
}

/** @throws LedgerError SL-API-PROOF when the log is not that long at the block */
async function sizeFor(api: ApiServices, args: ProofArgs): Promise<number> {
  const { logs } = await provenanceOf(viewAt(api, args.at), args.netuid)
  const present = logs.find((state) => state.log === args.log)?.size ?? 0
  const wanted = args.size == null ? present : Number(args.size)
  if (wanted > present) throw outside(`The log has ${present} events, not ${wanted}.`)
  return wanted
}

const outside = (message: string) => refuse('SL-API-PROOF', message, 'Ask within the size of the log.')

export const proofResolvers = {
  Query: {
    inclusionProof: async (_: unknown, args: ProofArgs & { seq: string }, { api, loaders }: ApiContext) => {
      const size = await sizeFor(api, args)
      const seq = Number(args.seq)
      if (seq >= size) throw outside(`A log of ${size} events has no event ${seq}.`)
      const [event, hashes, root] = await Promise.all([
        loaders.events(args.netuid, args.log).load(seq),
        inclusionHashes(api.pool, args, seq, size),
        rootOf(api.pool, args, size),
      ])
      return { ...args, seq, size, leafHash: event.leafHash, root: `0x${root}`, hashes: hashes.map(prefixed) }
    },
    consistencyProof: async (_: unknown, args: ProofArgs & { fromSize: string }, { api }: ApiContext) => {
      const size = await sizeFor(api, args)
      const fromSize = Number(args.fromSize)
      if (fromSize > size) throw outside(`A log of ${size} events does not begin with ${fromSize}.`)
      const [fromRoot, root, hashes] = await Promise.all([
        rootOf(api.pool, args, fromSize),
        rootOf(api.pool, args, size),
        consistencyHashes(api.pool, args, fromSize, size),
      ])
      return {
        ...args,
        fromSize,
        size,
        fromRoot: `0x${fromRoot}`,
        root: `0x${root}`,
        hashes: hashes.map(prefixed),
      }
    },
    checkpoint: async (_: unknown, args: ProofArgs, { api }: ApiContext) => {
      const { rows } = await api.pool.query({
        name: 'checkpoint_at',
        text: `select log, netuid, size, root, height::int as height, block_hash as "blockHash", note from log_checkpoint
          where log = $1 and netuid = $2 and height <= $3 order by height desc limit 1`,
        values: [args.log, args.netuid, viewAt(api, args.at).height],
      })
      return rows[0] ?? null
    },
  },
}

const prefixed = (hash: string) => `0x${hash}`
