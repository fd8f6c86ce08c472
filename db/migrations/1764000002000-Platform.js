/** Content that platform events name by its SHA-256: kept once, never changed. */
module.exports = class Platform1764000002000 {
  name = 'Platform1764000002000'

  async up(db) {
    await db.query(`CREATE TABLE platform_blob (sha256 bytea PRIMARY KEY, bytes bytea NOT NULL)`)
    await db.query(
      `CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON platform_blob
       FOR EACH STATEMENT EXECUTE FUNCTION subledger_append_only()`,
    )
    await db.query(`ALTER TABLE platform_blob ENABLE ALWAYS TRIGGER append_only`)
  }

  async down(db) {
    await db.query(`DROP TABLE platform_blob`)
  }
}
