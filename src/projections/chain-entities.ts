import type { Entity } from './core/entity'
import { endReason, f, filter, nullable } from './core/entity-fields'

/** Lists made of the chain log's read models by what is declared here. */
export const chainEntities: readonly Entity[] = [
  {
    type: 'ValidatorPermit',
    query: 'validatorPermits',
    table: 'validator_permit',
    describe: 'Who held a validator permit, from when to when, one row while uid and hotkey stay the same.',
    fields: {
      uid: f('uid', 'Int', filter),
      hotkey: f('hotkey', 'Account', {
        ...nullable,
        ...filter,
        describe: 'null: the holder of the uid is not known.',
      }),
      source: f('source', 'String', {
        describe:
          'How it began: epoch, snapshot, storage (read again after a change of hands, a trim or an upgrade), swapped, moved.',
      }),
      endReason: endReason('lost (the holder stayed), replaced, trimmed, dissolved, swapped, moved.'),
      blockTime: f('block_time', 'DateTime'),
    },
  },
]
