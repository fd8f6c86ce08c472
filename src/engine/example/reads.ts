import type { SubnetReads } from '../../projections/core/subnet-reads'
import type { Projection } from '../../projections/fold/projection'
import { bytea, ended, idOf, opened } from '../../projections/fold/row-values'
import { heldBy } from '../../projections/fold/table-rule'
import type { TreeView } from './mechanism'

const TABLE = 'tree'

/** The tallest measurement of each hotkey, while it is the tallest. */
const tallest: Projection = {
  name: 'trees',
  version: 1,
  log: 'platform',
  tables: { [TABLE]: heldBy('netuid', 'hotkey') },
  apply(event, sink) {
    if ((event.type as string) !== 'TreeMeasured') return
    const { hotkey, heightMm } = event.payload as unknown as { hotkey: string; heightMm: number }
    const key = { netuid: event.netuid, hotkey: bytea(hotkey) }
    sink.close(TABLE, key, ended(event, 'grown'))
    const row = {
      id: idOf(event),
      ...opened(event),
      hotkey: bytea(hotkey),
      height_mm: heightMm,
      end_reason: null,
    }
    sink.open(TABLE, key, row)
  },
}

export const treeReads: SubnetReads<TreeView> = {
  system: 'trees',
  projections: [tallest],
  entities: [
    {
      type: 'Tree',
      query: 'trees',
      table: TABLE,
      describe: 'The tallest measurement of each hotkey.',
      fields: {
        hotkey: { column: 'hotkey', type: 'Account', filter: true },
        heightMm: { column: 'height_mm', type: 'Int' },
      },
    },
  ],
  async readView(source) {
    const [rows, tenures] = await Promise.all([source.rows(TABLE), source.rows('tenure')])
    const uidOf = new Map(tenures.map((row) => [row.hotkey, row.uid as number]))
    return {
      height: source.point.height,
      trees: rows.flatMap((row) => {
        const uid = uidOf.get(row.hotkey)
        const hotkey = `0x${String(row.hotkey).slice(2)}`
        return uid === undefined ? [] : [{ hotkey, uid, heightMm: row.height_mm as number }]
      }),
    }
  },
}
