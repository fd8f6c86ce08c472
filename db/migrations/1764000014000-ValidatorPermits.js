/** Who held a validator permit, from when to when. Names of keys and indexes are TypeORM's, of schema.graphql. */
const statements = [
  `CREATE TABLE validator_permit (
    id varchar NOT NULL,
    netuid integer NOT NULL,
    subnet_instance integer NOT NULL,
    ordinal integer NOT NULL,
    uid integer NOT NULL,
    hotkey bytea, -- null: the holder of the uid is not known
    source text NOT NULL, -- how the segment began: epoch | snapshot | storage | swapped | moved
    end_reason text, -- lost | replaced | trimmed | dissolved | swapped | moved; null: holds on
    block_time timestamptz NOT NULL,
    valid_from integer NOT NULL,
    valid_to integer,
    from_seq integer NOT NULL,
    to_seq integer,
    CONSTRAINT "PK_bc1b15d634479b9aa74b4b1f35c" PRIMARY KEY (id)
  )`,
  `CREATE INDEX "IDX_6aca23f4cd0688698ea47df2e5" ON validator_permit (netuid, valid_from, from_seq, ordinal)`,
  `CREATE INDEX "IDX_d71f270f0b771415e94573bbd3" ON validator_permit (netuid, hotkey, valid_from, from_seq)`,
  `CREATE INDEX "IDX_7b3960a7a58cf4819fbb30ff82" ON validator_permit (netuid, uid, valid_from, from_seq)`,
]

module.exports = class ValidatorPermits1764000014000 {
  name = 'ValidatorPermits1764000014000'

  async up(db) {
    for (const statement of statements) await db.query(statement)
  }

  async down(db) {
    await db.query(`DROP TABLE validator_permit`)
  }
}
