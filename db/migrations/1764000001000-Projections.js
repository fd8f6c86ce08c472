/**
 * Tables of the read models. Columns and indexes are those of schema.graphql (a test compares); names of keys and indexes
 * are TypeORM's.
 */
const tables = [
  `CREATE TABLE subnet (
    id varchar NOT NULL,
    netuid int NOT NULL,
    subnet_instance int NOT NULL, -- height at which this use of the netuid was registered (0: at genesis); never a netuid alone
    modality int NOT NULL,
    owner_coldkey bytea,
    owner_hotkey bytea,
    source text NOT NULL, -- event: seen registering; snapshot: existed before the first indexed block
    end_reason text, -- dissolved | reregistered | coldkey-swapped
    block_time timestamptz NOT NULL, -- ms precision, UTC
    valid_from int NOT NULL,
    valid_to int,
    from_seq int NOT NULL,
    to_seq int,
    CONSTRAINT "PK_27239a6d70e746b9ac33497a47f" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_b11d6b7e3952fd9e169dad3350" ON subnet (netuid, valid_from, from_seq)`,
  `CREATE TABLE hyperparameter (
    id varchar NOT NULL,
    netuid int NOT NULL,
    subnet_instance int NOT NULL,
    name text NOT NULL,
    value jsonb NOT NULL, -- JSON: integers as decimal strings, flags as booleans, anything else as canonical JSON text
    source text NOT NULL, -- event | call | snapshot
    end_reason text, -- changed | dissolved
    block_time timestamptz NOT NULL,
    valid_from int NOT NULL,
    valid_to int,
    from_seq int NOT NULL,
    to_seq int,
    CONSTRAINT "PK_4c9e1e5ea62dc1b41674e42ab2b" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_243290eb7d5c703140e3b15d4b" ON hyperparameter (netuid, name, valid_from, from_seq)`,
  `CREATE TABLE tenure (
    id varchar NOT NULL,
    netuid int NOT NULL,
    subnet_instance int NOT NULL,
    uid int NOT NULL,
    hotkey bytea NOT NULL,
    coldkey bytea, -- null: not known (snapshot, or registered on the chain's own behalf)
    lineage bytea NOT NULL, -- oldest hotkey of the swap chain in this subnet instance
    registered_at int NOT NULL, -- height of the registration; survives swaps and trims
    source text NOT NULL, -- how the segment began: event | owner | snapshot | swapped | moved | coldkey-swapped
    end_reason text, -- replaced | trimmed | dissolved | swapped | moved | coldkey-swapped; null: holds on
    block_time timestamptz NOT NULL,
    valid_from int NOT NULL,
    valid_to int,
    from_seq int NOT NULL,
    to_seq int,
    CONSTRAINT "PK_dac9543212c98a5d5eb7ee586ee" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_02e987afaa9ef63de1165f91da" ON tenure (netuid, valid_from, from_seq)`,
  `CREATE INDEX "IDX_0d00133d882d990250b3bc004f" ON tenure (netuid, lineage, valid_from, from_seq)`,
  `CREATE INDEX "IDX_e86571a312d2809ec235d90de4" ON tenure (netuid, hotkey, valid_from, from_seq)`,
  `CREATE INDEX "IDX_e1bc9547bbabd15849072d3da7" ON tenure (netuid, uid, valid_from, from_seq)`,
  `CREATE TABLE commitment (
    id varchar NOT NULL,
    netuid int NOT NULL,
    subnet_instance int NOT NULL,
    ordinal int NOT NULL, -- 0, 1, 2, … within the netuid: the ordinal of the last row at a height, plus one, is the total count there
    hotkey bytea NOT NULL,
    uid int, -- uid held at the commit, null when none
    lineage bytea NOT NULL,
    kind text NOT NULL, -- PLAIN | TIMELOCKED
    fields jsonb, -- as on chain: [{kind, bytes (hex or null), revealRound (decimal or null)}]; null: no reachable call or storage held it
    content bytea, -- exact bytes of all readable (not timelocked) fields, concatenated; null: no readable field
    text text, -- content as UTF-8; NUL and invalid bytes shown as U+FFFD, which text_exact tells
    text_exact boolean NOT NULL, -- true: encoding text as UTF-8 gives content back
    content_hash bytea, -- SHA-256 of content
    reveal_round numeric, -- drand round at which the first timelocked field opens
    source text NOT NULL, -- call: read from the call's arguments; storage: from CommitmentOf at that block; unavailable
    extrinsic_index int,
    event_index int,
    block_hash bytea NOT NULL,
    block_time timestamptz NOT NULL,
    state text NOT NULL, -- PLAIN | PENDING | REVEALED | CANCELLED (committed anew, or the subnet was dissolved, before the reveal)
    reveal_height int, -- block of CommitmentRevealed; the reveal columns are of the first reveal of this commit
    reveal_event_index int,
    reveal_seq int,
    reveal_block_hash bytea,
    reveal_block_time timestamptz,
    plaintext bytea, -- exact; null after a reveal: the node no longer held it
    plaintext_text text, -- as text is to content
    revealed_hash bytea, -- SHA-256 of plaintext
    end_reason text, -- superseded | dissolved; null: the hotkey's latest
    valid_from int NOT NULL,
    valid_to int,
    from_seq int NOT NULL,
    to_seq int,
    CONSTRAINT "PK_7a0899978d100f72269b3045d7e" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_167612c745f96e95153bf00f23" ON commitment (netuid, revealed_hash, subnet_instance, from_seq)`,
  `CREATE INDEX "IDX_95cfa4e458f43a870bb9581871" ON commitment (netuid, content_hash, subnet_instance, from_seq)`,
  `CREATE INDEX "IDX_30cf3052123d39f82f5530c5a8" ON commitment (netuid, uid, valid_from, from_seq)`,
  `CREATE INDEX "IDX_33863a6e8c87bc8e0d9b39c585" ON commitment (netuid, hotkey, valid_from, from_seq)`,
  `CREATE INDEX "IDX_5f67283111b3aff3e29512e9b0" ON commitment (netuid, valid_from, from_seq)`,
  `CREATE TABLE first_submission (
    id varchar NOT NULL,
    netuid int NOT NULL,
    subnet_instance int NOT NULL,
    hotkey bytea NOT NULL,
    lineage bytea NOT NULL,
    uid int,
    commit_seq int NOT NULL, -- rule COMMIT orders by this; -1 and nulls below: committed before the first indexed block
    commit_height int,
    commit_extrinsic_index int,
    commit_event_index int,
    commit_block_hash bytea,
    commit_block_time timestamptz,
    commit_id text, -- Commitment.id
    commit_content_hash bytea,
    reveal_seq int, -- rule REVEAL orders by this: the event that first made content public (a plain commit does at once); null: nothing yet
    reveal_height int,
    reveal_extrinsic_index int, -- null: opened by the chain itself, at the start of the block
    reveal_event_index int,
    reveal_block_hash bytea,
    reveal_block_time timestamptz,
    reveal_commit_id text, -- Commitment.id of what was revealed; null: it lies before the first indexed block
    reveal_content_hash bytea,
    valid_from int NOT NULL,
    valid_to int,
    from_seq int NOT NULL,
    to_seq int,
    CONSTRAINT "PK_636811753a8d12400a1b356d594" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_9736b786208907a9139d842c7a" ON first_submission (netuid, subnet_instance, reveal_seq)`,
  `CREATE INDEX "IDX_e695daf57011b21b43f3ec7a0d" ON first_submission (netuid, subnet_instance, commit_seq)`,
  `CREATE INDEX "IDX_0dc50b0aee969f3ae48338c2bf" ON first_submission (netuid, lineage, subnet_instance)`,
  `CREATE UNIQUE INDEX "IDX_f223d6acf384987cbde6050673" ON first_submission (netuid, hotkey, subnet_instance, lineage)`,
  `CREATE TABLE weight_set (
    id varchar NOT NULL,
    netuid int NOT NULL,
    subnet_instance int NOT NULL,
    ordinal int NOT NULL,
    mechanism int NOT NULL, -- storage index div 4096
    uid int NOT NULL, -- of the validator; follows trims
    hotkey bytea, -- of the validator; follows swaps; null: not known
    source text NOT NULL, -- set | batch | reveal | crv3 | timelocked | unknown
    values_from text NOT NULL, -- call: the call's arguments; storage: Weights(index, uid) at that block; unavailable: the vector is empty
    version_key numeric,
    uids int[] NOT NULL, -- targets: uids at the block of the WeightsSet event
    hotkeys bytea[] NOT NULL, -- holders of these uids at that event; null: nobody
    raw int[], -- as submitted (u16); null: only the stored vector is known
    u16 int[] NOT NULL, -- max-upscaled to 65535, as the chain stores it
    set_height int NOT NULL, -- event that set the vector (fromSeq differs when the row continues after a swap or trim)
    set_seq int NOT NULL,
    extrinsic_index int,
    event_index int,
    block_hash bytea NOT NULL,
    block_time timestamptz NOT NULL,
    end_reason text, -- superseded | tenure-ended | swapped | moved | dissolved
    valid_from int NOT NULL,
    valid_to int,
    from_seq int NOT NULL,
    to_seq int,
    CONSTRAINT "PK_2062db30423aa7e7d51df98e0ad" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_c3e35481350c387362ac9035eb" ON weight_set (netuid, valid_from, from_seq)`,
  `CREATE INDEX "IDX_17c3aceb287d92865fc63b8220" ON weight_set (netuid, hotkey, valid_from, from_seq)`,
  `CREATE INDEX "IDX_323be57bfca40b2cac0f97c1f1" ON weight_set (netuid, uid, mechanism, valid_from, from_seq)`,
  `CREATE TABLE weight_commit (
    id varchar NOT NULL,
    netuid int NOT NULL,
    subnet_instance int NOT NULL,
    ordinal int NOT NULL,
    mechanism int NOT NULL,
    hotkey bytea NOT NULL,
    uid int,
    kind text NOT NULL, -- hash | crv3 | timelocked
    commit_hash bytea NOT NULL,
    reveal_round numeric,
    extrinsic_index int,
    event_index int,
    block_hash bytea NOT NULL,
    block_time timestamptz NOT NULL,
    state text NOT NULL, -- PENDING | REVEALED | EXPIRED
    end_reason text, -- revealed | not-revealed-in-time | tenure-ended | hotkey-swapped | subnet-dissolved
    valid_from int NOT NULL,
    valid_to int, -- height of the reveal or expiry
    from_seq int NOT NULL,
    to_seq int,
    CONSTRAINT "PK_02c2c3205bf154ba9709b196553" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_1eb2a7cdd2824c23879ebeed25" ON weight_commit (netuid, valid_from, from_seq)`,
  `CREATE INDEX "IDX_8c2dfd00115ee4755be62202e9" ON weight_commit (netuid, hotkey, valid_from, from_seq)`,
  `CREATE TABLE emission (
    id varchar NOT NULL,
    netuid int NOT NULL,
    subnet_instance int NOT NULL,
    ordinal int NOT NULL,
    mechanism int NOT NULL,
    uid int NOT NULL,
    hotkey bytea, -- holder of the uid at the event; null: nobody
    amount numeric NOT NULL, -- rao
    block_time timestamptz NOT NULL,
    valid_from int NOT NULL, -- height of the epoch
    valid_to int,
    from_seq int NOT NULL,
    to_seq int,
    CONSTRAINT "PK_49fd5843cc0d972eefb9883cd02" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_a1b0dad840c26d624d80cd37fc" ON emission (netuid, hotkey, valid_from, from_seq)`,
  `CREATE INDEX "IDX_eadb23adca217a64cd0eaa4e6e" ON emission (netuid, valid_from, from_seq, uid)`,
  // Which version of which projection the tables hold; written when one is first built or rebuilt, not with each block.
  `CREATE TABLE projection_state (
    name text COLLATE "C" PRIMARY KEY,
    version int NOT NULL,
    positions jsonb NOT NULL, -- {netuid: size of the chain log} that the rebuild had read when it was switched in
    rows bigint NOT NULL,
    digest bytea -- of all rows when it was switched in, see src/projections/rebuild; null: grown with the log from its start
  )`,
]

module.exports = class Projections1764000001000 {
  name = 'Projections1764000001000'

  async up(db) {
    for (const statement of tables) await db.query(statement)
  }

  async down(db) {
    await db.query(`DROP SCHEMA IF EXISTS subledger_rebuild CASCADE`)
    await db.query(
      `DROP TABLE subnet, hyperparameter, tenure, commitment, first_submission, weight_set, weight_commit, emission, projection_state`,
    )
  }
}
