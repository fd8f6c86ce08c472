/** Private benchmark environments of tasks, named in the log by their hash: apart from the log, never in it. */
module.exports = class AutoresearchPrivateEnv1764000012500 {
  name = 'AutoresearchPrivateEnv1764000012500'

  async up(db) {
    await db.query(
      `CREATE TABLE autoresearch_private_env (
         netuid integer NOT NULL, sha256 text NOT NULL, env jsonb NOT NULL, PRIMARY KEY (netuid, sha256)
       )`,
    )
  }

  async down(db) {
    await db.query(`DROP TABLE autoresearch_private_env`)
  }
}
