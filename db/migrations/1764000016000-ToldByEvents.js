/**
 * What an event tells at length is read from the log: rows of weight vectors and commitments name the event. Text is decoded from the
 * bytes where it is shown. Uids come first in indexes by uid, as hotkeys do: there are more of them than of netuids.
 */
const indexes = [
  ['IDX_30cf3052123d39f82f5530c5a8', 'commitment', 'valid_from, from_seq'],
  ['IDX_323be57bfca40b2cac0f97c1f1', 'weight_set', 'mechanism, valid_from, from_seq'],
]

async function recreate(db, first) {
  for (const [name, table, others] of indexes) {
    await db.query(`DROP INDEX "${name}"`)
    await db.query(`CREATE INDEX "${name}" ON ${table} (${first}, ${others})`)
  }
}

module.exports = class ToldByEvents1764000016000 {
  name = 'ToldByEvents1764000016000'

  async up(db) {
    await db.query(
      `ALTER TABLE commitment DROP COLUMN fields, DROP COLUMN text, DROP COLUMN text_exact, DROP COLUMN plaintext_text`,
    )
    await recreate(db, 'uid, netuid')
    await db.query(
      `ALTER TABLE weight_set DROP COLUMN uids, DROP COLUMN hotkeys, DROP COLUMN raw, DROP COLUMN u16`,
    )
  }

  async down(db) {
    await recreate(db, 'netuid, uid')
    // Text is not decoded here: an older version decodes it when `rebuild commitments` makes the rows anew.
    await db.query(`ALTER TABLE commitment ADD COLUMN fields jsonb, ADD COLUMN text text,
      ADD COLUMN text_exact boolean NOT NULL DEFAULT false, ADD COLUMN plaintext_text text`)
    await db.query(`ALTER TABLE commitment ALTER text_exact DROP DEFAULT`)
    await db.query(`
      UPDATE commitment c SET fields = nullif(e.payload->'fields', 'null') FROM (
        SELECT netuid, seq, payload::jsonb AS payload FROM log_event
        WHERE log = 'chain' AND type IN ('Committed', 'CommitmentTimelocked')) e
      WHERE e.netuid = c.netuid AND e.seq = c.from_seq`)
    await db.query(
      `ALTER TABLE weight_set ADD COLUMN uids int[], ADD COLUMN hotkeys bytea[], ADD COLUMN raw int[], ADD COLUMN u16 int[]`,
    )
    await db.query(`
      UPDATE weight_set w SET
        uids = ARRAY(SELECT x::int FROM jsonb_array_elements_text(e.payload->'uids') WITH ORDINALITY t(x, n) ORDER BY n),
        hotkeys = ARRAY(SELECT decode(substr(x, 3), 'hex')
          FROM jsonb_array_elements_text(e.payload->'hotkeys') WITH ORDINALITY t(x, n) ORDER BY n),
        raw = CASE WHEN jsonb_typeof(e.payload->'raw') = 'array' THEN
          ARRAY(SELECT x::int FROM jsonb_array_elements_text(e.payload->'raw') WITH ORDINALITY t(x, n) ORDER BY n) END,
        u16 = ARRAY(SELECT x::int FROM jsonb_array_elements_text(e.payload->'u16') WITH ORDINALITY t(x, n) ORDER BY n)
      FROM (SELECT netuid, seq, payload::jsonb AS payload FROM log_event WHERE log = 'chain' AND type = 'WeightsSet') e
      WHERE e.netuid = w.netuid AND e.seq = w.set_seq`)
    await db.query(
      `ALTER TABLE weight_set ALTER uids SET NOT NULL, ALTER hotkeys SET NOT NULL, ALTER u16 SET NOT NULL`,
    )
  }
}
