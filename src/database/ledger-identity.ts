import type { ClientBase } from 'pg'
import { LedgerError } from '../errors/ledger-error'
import type { Hex } from '../log/envelope'

/** What a database holds the log of. Chosen once, at its first start. */
export interface LedgerIdentity {
  /** Hash of block 0, `0x…`. */
  readonly genesisHash: Hex
  /** Name of the network, for messages only: the genesis hash decides. */
  readonly network: string
  readonly netuids: readonly number[] | 'all'
  /** First block indexed; undefined: whatever the database began with, 0 when it is new. */
  readonly startHeight?: number
}

export interface StoredIdentity extends LedgerIdentity {
  readonly startHeight: number
}

type Queryable = Pick<ClientBase, 'query'>

export async function readIdentity(client: Queryable): Promise<StoredIdentity | undefined> {
  const { rows } = await client.query(
    `select '0x' || encode(genesis_hash, 'hex') as "genesisHash", network, netuids,
       start_height::float8 as "startHeight" from ledger_identity`,
  )
  return rows[0] && { ...rows[0], netuids: rows[0].netuids ?? 'all' }
}

/**
 * Writes the identity into a new database, or compares it with the one there.
 * @throws LedgerError SL-WRONG-NETWORK, SL-WRONG-SUBNET, SL-WRONG-START
 */
export async function claimIdentity(client: Queryable, wanted: LedgerIdentity): Promise<StoredIdentity> {
  const netuids = wanted.netuids === 'all' ? 'all' : [...wanted.netuids].sort((a, b) => a - b)
  const stored = await readIdentity(client)
  if (!stored) {
    const startHeight = wanted.startHeight ?? 0
    await client.query(
      `insert into ledger_identity (genesis_hash, network, netuids, start_height)
       values (decode(substr($1, 3), 'hex'), $2, $3, $4)`,
      [wanted.genesisHash, wanted.network, netuids === 'all' ? null : netuids, startHeight],
    )
    return { ...wanted, netuids, startHeight }
  }
  if (stored.genesisHash !== wanted.genesisHash) throw wrongNetwork(stored, wanted)
  if (String(stored.netuids) !== String(netuids)) throw wrongSubnet(stored, netuids)
  if (wanted.startHeight !== undefined && stored.startHeight !== wanted.startHeight) {
    throw wrongStart(stored.startHeight, wanted.startHeight)
  }
  return stored
}

const ANOTHER = 'choose another database with DATABASE_URL or another folder with --data-dir'

function wrongNetwork(stored: StoredIdentity, wanted: LedgerIdentity): LedgerError {
  const message = `This database holds the network "${stored.network}", and the node serves "${wanted.network}".`
  return new LedgerError('SL-WRONG-NETWORK', 'user', message, {
    remedy: `Name the same network again, or ${ANOTHER}.`,
    facts: { databaseGenesis: stored.genesisHash, nodeGenesis: wanted.genesisHash },
  })
}

function wrongSubnet(stored: StoredIdentity, netuids: readonly number[] | 'all'): LedgerError {
  const message = `This database holds the subnets ${stored.netuids}, and now ${netuids} are asked for.`
  return new LedgerError('SL-WRONG-SUBNET', 'user', message, {
    remedy: `Start with --netuid ${stored.netuids}, or ${ANOTHER}.`,
    facts: { databaseNetuids: String(stored.netuids), wantedNetuids: String(netuids) },
  })
}

function wrongStart(stored: number, wanted: number): LedgerError {
  const message = `The log of this database begins at block ${stored}, not at ${wanted}.`
  return new LedgerError('SL-WRONG-START', 'user', message, {
    remedy: `Leave --from out or set it to ${stored}; for another beginning, ${ANOTHER}.`,
    facts: { databaseStart: stored, wantedStart: wanted },
  })
}
