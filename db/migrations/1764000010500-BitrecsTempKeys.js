/** Secrets of miners for the validators, for a few hours: apart from the log, never in it. */
module.exports = class BitrecsTempKeys1764000010500 {
  name = 'BitrecsTempKeys1764000010500'

  async up(db) {
    await db.query(
      `CREATE TABLE bitrecs_temp_key (
         netuid integer NOT NULL, hotkey bytea NOT NULL, key text NOT NULL, expires_at timestamptz NOT NULL,
         PRIMARY KEY (netuid, hotkey)
       )`,
    )
    await db.query(`CREATE INDEX bitrecs_temp_key_expiry ON bitrecs_temp_key (netuid, expires_at)`)
  }

  async down(db) {
    await db.query(`DROP TABLE bitrecs_temp_key`)
  }
}
