/**
 * What the Caster platform must not tell, or not yet: scripts, claims with their references, results of validators. The log names all
 * of it by its SHA-256.
 */
module.exports = class CasterPrivate1764000013500 {
  name = 'CasterPrivate1764000013500'

  async up(db) {
    await db.query(
      `CREATE TABLE caster_private_script (
         netuid integer NOT NULL, sha256 text NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (netuid, sha256)
       )`,
    )
    await db.query(
      `CREATE TABLE caster_private_claims (
         netuid integer NOT NULL, sha256 text NOT NULL, content bytea NOT NULL, PRIMARY KEY (netuid, sha256)
       )`,
    )
    await db.query(
      `CREATE TABLE caster_private_results (
         netuid integer NOT NULL, batch_id text NOT NULL, validator text NOT NULL, results_sha256 text NOT NULL,
         artifact_id text NOT NULL, results bytea NOT NULL,
         PRIMARY KEY (netuid, batch_id, validator, results_sha256, artifact_id)
       )`,
    )
  }

  async down(db) {
    for (const table of ['caster_private_results', 'caster_private_claims', 'caster_private_script'])
      await db.query(`DROP TABLE ${table}`)
  }
}
