/** Accepted artifacts and their gists, bans, unapprovals and the switch of the Bitrecs platform. Columns and indexes are those of schema.graphql (a test compares). */
const statements = [
  `CREATE TABLE bitrecs_agent (
    id varchar NOT NULL,
    netuid integer NOT NULL,
    subnet_instance integer NOT NULL,
    ordinal integer NOT NULL,
    agent_id text NOT NULL,
    hotkey bytea NOT NULL,
    uid integer NOT NULL,
    name text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    temperature numeric NOT NULL,
    content_sha256 text NOT NULL,
    text_sha256 text NOT NULL,
    commitment text NOT NULL,
    reveal_height integer NOT NULL,
    commit_height integer,
    commitment_seq integer NOT NULL,
    proof jsonb,
    request_id text NOT NULL,
    submitted_at numeric NOT NULL,
    valid_from integer NOT NULL,
    valid_to integer,
    from_seq integer NOT NULL,
    to_seq integer,
    CONSTRAINT "PK_395b8762a39f06e2ef50de36439" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_16a2b68e2a30c3b4da47665c37" ON bitrecs_agent (netuid, valid_from, from_seq)`,
  `CREATE UNIQUE INDEX "IDX_d795f73e2b512a8d40c4ef1f53" ON bitrecs_agent (netuid, agent_id)`,
  `CREATE UNIQUE INDEX "IDX_bbe14e361cfa7d4b3b6def415e" ON bitrecs_agent (netuid, hotkey)`,
  `CREATE TABLE bitrecs_gist (
    id varchar NOT NULL,
    netuid integer NOT NULL,
    subnet_instance integer NOT NULL,
    ordinal integer NOT NULL,
    gist_id text NOT NULL,
    agent_id text NOT NULL,
    account text NOT NULL,
    created_at text NOT NULL,
    commit_sha text NOT NULL,
    sha256 text NOT NULL,
    bytes integer NOT NULL,
    valid_from integer NOT NULL,
    valid_to integer,
    from_seq integer NOT NULL,
    to_seq integer,
    CONSTRAINT "PK_09e32b931ec8f8d8607f9a738a7" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_fa2693d9609f76baa3b5f2a467" ON bitrecs_gist (netuid, valid_from, from_seq)`,
  `CREATE UNIQUE INDEX "IDX_1ad21b656a48459148d2ea21ad" ON bitrecs_gist (netuid, gist_id)`,
  `CREATE TABLE bitrecs_ban (
    id varchar NOT NULL,
    netuid integer NOT NULL,
    subnet_instance integer NOT NULL,
    ordinal integer NOT NULL,
    hotkey bytea NOT NULL,
    reason text NOT NULL,
    banned_at numeric NOT NULL,
    end_reason text,
    valid_from integer NOT NULL,
    valid_to integer,
    from_seq integer NOT NULL,
    to_seq integer,
    CONSTRAINT "PK_ba0da295200e15e9393db09b514" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_3832449ef362e2ae6b9abbd824" ON bitrecs_ban (netuid, valid_from, from_seq)`,
  `CREATE INDEX "IDX_6abf5cc72e6bf1746ef43b0611" ON bitrecs_ban (netuid, hotkey, valid_from, from_seq)`,
  `CREATE TABLE bitrecs_unapproval (
    id varchar NOT NULL,
    netuid integer NOT NULL,
    subnet_instance integer NOT NULL,
    ordinal integer NOT NULL,
    agent_id text NOT NULL,
    reason text NOT NULL,
    unapproved_at numeric NOT NULL,
    valid_from integer NOT NULL,
    valid_to integer,
    from_seq integer NOT NULL,
    to_seq integer,
    CONSTRAINT "PK_2ef69adde6b0cbbda25ad9e1ec0" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_8930b1b768f86d8eeace597fdd" ON bitrecs_unapproval (netuid, valid_from, from_seq)`,
  `CREATE INDEX "IDX_792d67634e378c02fe8bf279dd" ON bitrecs_unapproval (netuid, agent_id)`,
  `CREATE TABLE bitrecs_switch (
    id varchar NOT NULL,
    netuid integer NOT NULL,
    subnet_instance integer NOT NULL,
    ordinal integer NOT NULL,
    enabled boolean NOT NULL,
    reason text NOT NULL,
    switched_at numeric NOT NULL,
    end_reason text,
    valid_from integer NOT NULL,
    valid_to integer,
    from_seq integer NOT NULL,
    to_seq integer,
    CONSTRAINT "PK_951dac9f084cb1923d62a944647" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_c85b3be8afd37ba87aa1775b9f" ON bitrecs_switch (netuid, valid_from, from_seq)`,
]

module.exports = class BitrecsSubmissions1764000010000 {
  name = 'BitrecsSubmissions1764000010000'

  async up(db) {
    for (const statement of statements) await db.query(statement)
  }

  async down(db) {
    await db.query(`DROP TABLE bitrecs_agent, bitrecs_gist, bitrecs_ban, bitrecs_unapproval, bitrecs_switch`)
  }
}
