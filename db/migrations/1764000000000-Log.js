const LOG_TABLES = ['log_event', 'log_tile', 'log_checkpoint', 'ledger_identity']

/** The append-only log, its Merkle tree, and the status row of the processor (Subsquid's layout). */
module.exports = class Log1764000000000 {
  name = 'Log1764000000000'

  async up(db) {
    await db.query(`
      CREATE TABLE ledger_identity (
        id int PRIMARY KEY DEFAULT 0 CHECK (id = 0),
        genesis_hash bytea NOT NULL,
        network text NOT NULL,
        netuids int[],
        start_height bigint NOT NULL
      )`)
    await db.query(`COMMENT ON COLUMN ledger_identity.netuids IS 'ascending; null: every subnet'`)
    await db.query(`
      CREATE TABLE log_event (
        log text COLLATE "C" NOT NULL,
        netuid int NOT NULL,
        seq bigint NOT NULL,
        type text COLLATE "C" NOT NULL,
        schema_version int NOT NULL,
        subnet_instance bigint NOT NULL,
        height bigint NOT NULL,
        block_hash bytea NOT NULL,
        block_time timestamptz NOT NULL,
        extrinsic_index int,
        call_path int[],
        event_index int,
        actor bytea,
        payload json NOT NULL,
        idempotency_key text COLLATE "C",
        leaf_hash bytea NOT NULL,
        PRIMARY KEY (log, netuid, seq)
      )`)
    await db.query(`CREATE INDEX log_event_by_height ON log_event (log, netuid, height)`)
    await db.query(`CREATE INDEX log_event_by_type ON log_event (log, netuid, type, seq)`)
    await db.query(
      `CREATE UNIQUE INDEX log_event_idempotency ON log_event (log, netuid, idempotency_key) WHERE idempotency_key IS NOT NULL`,
    )
    await db.query(`
      CREATE TABLE log_head (
        log text COLLATE "C" NOT NULL,
        netuid int NOT NULL,
        size bigint NOT NULL,
        root bytea NOT NULL,
        frontier bytea NOT NULL,
        height bigint NOT NULL,
        PRIMARY KEY (log, netuid)
      )`)
    await db.query(
      `COMMENT ON COLUMN log_head.frontier IS 'roots of the complete subtrees, largest first, 32 bytes each'`,
    )
    await db.query(`
      CREATE TABLE log_tile (
        log text COLLATE "C" NOT NULL,
        netuid int NOT NULL,
        level smallint NOT NULL,
        idx bigint NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (log, netuid, level, idx)
      )`)
    await db.query(`COMMENT ON TABLE log_tile IS 'root of the idx-th complete subtree of 256^level leaves'`)
    await db.query(`
      CREATE TABLE log_checkpoint (
        log text COLLATE "C" NOT NULL,
        netuid int NOT NULL,
        size bigint NOT NULL,
        height bigint NOT NULL,
        block_hash bytea NOT NULL,
        root bytea NOT NULL,
        note text NOT NULL,
        PRIMARY KEY (log, netuid, height)
      )`)
    await db.query(`
      CREATE TABLE indexed_block (
        height bigint PRIMARY KEY,
        hash bytea NOT NULL,
        time timestamptz NOT NULL
      )`)
    await this.protect(db)
    await this.statusTables(db)
  }

  async protect(db) {
    await db.query(`
      CREATE FUNCTION subledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'SL-APPEND-ONLY: % on % is refused: the log is append-only', TG_OP, TG_TABLE_NAME
          USING ERRCODE = 'SLA01';
      END $$`)
    for (const table of LOG_TABLES) {
      await db.query(
        `CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
         FOR EACH STATEMENT EXECUTE FUNCTION subledger_append_only()`,
      )
      await db.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER append_only`)
    }
  }

  async statusTables(db) {
    await db.query(`CREATE SCHEMA IF NOT EXISTS squid_processor`)
    await db.query(`
      CREATE TABLE IF NOT EXISTS squid_processor.status (
        id int4 PRIMARY KEY,
        height int4 NOT NULL,
        hash text DEFAULT '0x',
        nonce int4 DEFAULT 0
      )`)
    await db.query(
      `INSERT INTO squid_processor.status (id, height, hash, nonce) VALUES (0, -1, '0x', 0) ON CONFLICT DO NOTHING`,
    )
  }

  async down(db) {
    for (const table of [...LOG_TABLES, 'log_head', 'indexed_block']) await db.query(`DROP TABLE ${table}`)
    await db.query(`DROP FUNCTION subledger_append_only()`)
    await db.query(`DROP SCHEMA squid_processor CASCADE`)
  }
}
