/**
 * Of a rebuilt projection its version and how far it had read are kept. A count and a digest of rows that go on growing told
 * nobody anything: that rows are what the log gives is shown by folding it again, see src/projections/rebuild.
 */
module.exports = class ProjectionState1764000004000 {
  name = 'ProjectionState1764000004000'

  async up(db) {
    await db.query(`ALTER TABLE projection_state DROP COLUMN rows, DROP COLUMN digest`)
    await db.query(
      `COMMENT ON COLUMN projection_state.positions IS '{netuid: size of its log} that the rebuild had read when it was switched in'`,
    )
  }

  async down(db) {
    await db.query(
      `ALTER TABLE projection_state ADD COLUMN rows bigint NOT NULL DEFAULT 0, ADD COLUMN digest bytea`,
    )
  }
}
