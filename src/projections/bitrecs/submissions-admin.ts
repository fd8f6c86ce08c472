import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import type { Projection, Sink } from '../fold/projection'
import { bytea, ended, idOf, opened } from '../fold/row-values'
import { FACTS, heldBy } from '../fold/table-rule'

const BAN = 'bitrecs_ban'
const UNAPPROVAL = 'bitrecs_unapproval'
const SWITCH = 'bitrecs_switch'

/** What the operator did about hotkeys, artifacts and the platform, with the reason given. */
export const bitrecsBans: Projection = {
  name: 'bitrecs_bans',
  version: 1,
  log: 'platform',
  tables: {
    [BAN]: { ...heldBy('netuid', 'hotkey'), hasOrdinal: true },
    [UNAPPROVAL]: { ...FACTS, hasOrdinal: true },
    [SWITCH]: { ...heldBy('netuid'), hasOrdinal: true },
  },
  apply(event, sink) {
    const row = (table: string) => ({
      id: idOf(event),
      ...opened(event),
      ordinal: sink.ordinal(table, event.netuid),
    })
    switch (event.type) {
      case 'BitrecsHotkeyBanned': {
        const { hotkey, reason, at } = event.payload as PayloadOf<'BitrecsHotkeyBanned'>
        const held = { hotkey: bytea(hotkey), reason: shown(reason), banned_at: String(at), end_reason: null }
        return sink.open(BAN, banKey(event, hotkey), { ...row(BAN), ...held })
      }
      case 'BitrecsHotkeyUnbanned': {
        const { hotkey } = event.payload as PayloadOf<'BitrecsHotkeyUnbanned'>
        return sink.close(BAN, banKey(event, hotkey), ended(event, 'unbanned'))
      }
      case 'BitrecsAgentUnapproved': {
        const { agentId, reason, at } = event.payload as PayloadOf<'BitrecsAgentUnapproved'>
        const fact = { agent_id: agentId, reason: shown(reason), unapproved_at: String(at) }
        return sink.add(UNAPPROVAL, { ...row(UNAPPROVAL), ...fact })
      }
      case 'BitrecsSubmissionsSwitched':
        return openSwitch(event, sink, row(SWITCH))
    }
  },
}

function openSwitch(event: LogEvent, sink: Sink, row: Parameters<Sink['add']>[1]): void {
  const { enabled, reason, at } = event.payload as PayloadOf<'BitrecsSubmissionsSwitched'>
  const key = { netuid: event.netuid }
  sink.close(SWITCH, key, ended(event, 'superseded'))
  sink.open(SWITCH, key, {
    ...row,
    enabled,
    reason: shown(reason),
    switched_at: String(at),
    end_reason: null,
  })
}

const banKey = (event: LogEvent, hotkey: string) => ({ netuid: event.netuid, hotkey: bytea(hotkey) })

/** Text of a person: PostgreSQL holds no NUL. The event keeps it exactly. */
const shown = (text: string) => text.replaceAll('\0', '\ufffd')
