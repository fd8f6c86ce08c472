/**
 * Hotkeys and hashes come first in the indexes by which they are looked for: a column of a few netuids before them makes every
 * comparison of a sort go on to the next column, and sorting is most of what building an index costs. What has no hash is not
 * looked for by one. Names stay: TypeORM makes them of the table and its columns in alphabetical order.
 */
const indexes = [
  ['IDX_e86571a312d2809ec235d90de4', 'tenure', 'hotkey', 'valid_from, from_seq'],
  ['IDX_0d00133d882d990250b3bc004f', 'tenure', 'lineage', 'valid_from, from_seq'],
  ['IDX_d71f270f0b771415e94573bbd3', 'validator_permit', 'hotkey', 'valid_from, from_seq'],
  ['IDX_33863a6e8c87bc8e0d9b39c585', 'commitment', 'hotkey', 'valid_from, from_seq'],
  ['IDX_95cfa4e458f43a870bb9581871', 'commitment', 'content_hash', 'subnet_instance, from_seq', 'sparse'],
  ['IDX_167612c745f96e95153bf00f23', 'commitment', 'revealed_hash', 'subnet_instance, from_seq', 'sparse'],
  ['IDX_f223d6acf384987cbde6050673', 'first_submission', 'hotkey', 'subnet_instance, lineage', 'unique'],
  ['IDX_0dc50b0aee969f3ae48338c2bf', 'first_submission', 'lineage', 'subnet_instance'],
  ['IDX_17c3aceb287d92865fc63b8220', 'weight_set', 'hotkey', 'valid_from, from_seq'],
  ['IDX_8c2dfd00115ee4755be62202e9', 'weight_commit', 'hotkey', 'valid_from, from_seq'],
  ['IDX_a1b0dad840c26d624d80cd37fc', 'emission', 'hotkey', 'valid_from, from_seq'],
]

async function recreate(db, columnsOf) {
  for (const [name, table, first, others, kind] of indexes) {
    const unique = kind === 'unique' ? 'UNIQUE ' : ''
    await db.query(`DROP INDEX "${name}"`)
    await db.query(`CREATE ${unique}INDEX "${name}" ON ${table} ${columnsOf(first, others, kind)}`)
  }
}

module.exports = class IndexOrder1764000015000 {
  name = 'IndexOrder1764000015000'

  async up(db) {
    await recreate(db, (first, others, kind) => {
      const where = kind === 'sparse' ? ` WHERE ${first} IS NOT NULL` : ''
      return `(${first}, netuid, ${others})${where}`
    })
  }

  async down(db) {
    await recreate(db, (first, others) => `(netuid, ${first}, ${others})`)
  }
}
