/** Read models of policies, refusals, decisions and divergences. Columns and indexes are those of schema.graphql (a test compares). */
const statements = [
  `CREATE TABLE policy (
    id varchar NOT NULL,
    netuid integer NOT NULL,
    subnet_instance integer NOT NULL,
    ordinal integer NOT NULL,
    system text NOT NULL,
    policy_id text NOT NULL,
    effective_from_block integer NOT NULL,
    policy jsonb NOT NULL,
    origin text NOT NULL,
    recorded_at numeric NOT NULL,
    valid_from integer NOT NULL,
    valid_to integer,
    from_seq integer NOT NULL,
    to_seq integer,
    CONSTRAINT "PK_9917b0c5e4286703cc656b1d39f" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_0d1a6b8aec41a5b1ba70426d60" ON policy (netuid, valid_from, from_seq)`,
  `CREATE TABLE refused_command (
    id varchar NOT NULL,
    netuid integer NOT NULL,
    subnet_instance integer NOT NULL,
    ordinal integer NOT NULL,
    system text NOT NULL,
    command text NOT NULL,
    code text NOT NULL,
    status integer NOT NULL,
    reason text NOT NULL,
    subject text,
    request_hash text,
    actor bytea,
    refused_at numeric NOT NULL,
    valid_from integer NOT NULL,
    valid_to integer,
    from_seq integer NOT NULL,
    to_seq integer,
    CONSTRAINT "PK_1259399de554e43309193fa5b24" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_b87170144a7c3b212c21bade0e" ON refused_command (netuid, actor, valid_from, from_seq)`,
  `CREATE INDEX "IDX_661e6cef993a89033cf52f3e75" ON refused_command (netuid, subject, valid_from, from_seq)`,
  `CREATE INDEX "IDX_b3014f42e9142bfe19495e35ea" ON refused_command (netuid, valid_from, from_seq)`,
  `CREATE TABLE decision (
    id varchar NOT NULL,
    netuid integer NOT NULL,
    subnet_instance integer NOT NULL,
    ordinal integer NOT NULL,
    mechanism integer NOT NULL,
    system text NOT NULL,
    epoch integer,
    epoch_ends_at integer,
    policy_id text NOT NULL,
    outcome text NOT NULL,
    burn numeric NOT NULL,
    burn_uid integer NOT NULL,
    shares jsonb NOT NULL,
    u16 jsonb NOT NULL,
    holders jsonb NOT NULL,
    view_digest text NOT NULL,
    block_time timestamptz NOT NULL,
    end_reason text,
    valid_from integer NOT NULL,
    valid_to integer,
    from_seq integer NOT NULL,
    to_seq integer,
    CONSTRAINT "PK_fa4cbd6abf1215054f13c27df5a" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_d5cdd87ce461534d893ada4a73" ON decision (netuid, valid_from, from_seq)`,
  `CREATE INDEX "IDX_8076ee07442296e4c9258369a4" ON decision (netuid, mechanism, valid_from, from_seq)`,
  `CREATE TABLE divergence (
    id varchar NOT NULL,
    netuid integer NOT NULL,
    subnet_instance integer NOT NULL,
    ordinal integer NOT NULL,
    mechanism integer NOT NULL,
    epoch integer,
    validator bytea NOT NULL,
    validator_uid integer,
    cause text NOT NULL,
    detail text NOT NULL,
    decision_seq integer NOT NULL,
    submitted_seq integer,
    recommended jsonb NOT NULL,
    submitted jsonb NOT NULL,
    effective jsonb NOT NULL,
    block_time timestamptz NOT NULL,
    end_reason text,
    valid_from integer NOT NULL,
    valid_to integer,
    from_seq integer NOT NULL,
    to_seq integer,
    CONSTRAINT "PK_ef1b3ec32ddcfc828b4bd27befc" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_e9b9cf62bc4536bd630bfe627a" ON divergence (netuid, valid_from, from_seq)`,
  `CREATE INDEX "IDX_584a136d9b96d2468b1a84df06" ON divergence (netuid, mechanism, validator, valid_from, from_seq)`,
]

module.exports = class Engine1764000003000 {
  name = 'Engine1764000003000'

  async up(db) {
    for (const statement of statements) await db.query(statement)
  }

  async down(db) {
    await db.query(`DROP TABLE policy, refused_command, decision, divergence`)
  }
}
