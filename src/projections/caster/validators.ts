import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'
import { accountOf, endRow, replaceRow, shown } from '../fold/event-rows'
import type { Projection, Sink } from '../fold/projection'
import { heldBy } from '../fold/table-rule'

const VALIDATOR = 'caster_validator'
const GATE = 'caster_gate'
const ALLOWLIST = 'caster_allowlist'

/** Endpoints, gates and the allowlist. The gate is a table of its own: an event of one does not know the other. */
export const casterValidators: Projection = {
  name: 'caster_validators',
  version: 1,
  log: 'platform',
  tables: {
    [VALIDATOR]: { ...heldBy('netuid', 'hotkey'), hasOrdinal: true },
    [GATE]: { ...heldBy('netuid', 'hotkey'), hasOrdinal: true },
    [ALLOWLIST]: { ...heldBy('netuid', 'hotkey'), hasOrdinal: true },
  },
  apply(event, sink) {
    if (event.type === 'ValidatorRegistered') register(event, sink)
    else if (event.type === 'ValidatorFunctioningChanged') setGate(event, sink)
    else if (event.type === 'AllowlistChanged') changeAllowlist(event, sink)
  },
}

function register(event: LogEvent, sink: Sink): void {
  const { hotkey, uid, baseUrl, firstAt, at } = event.payload as PayloadOf<'ValidatorRegistered'>
  const held = { key: { hotkey: accountOf(hotkey) }, reason: 'registered again' }
  const row = {
    uid,
    base_url: shown(baseUrl),
    first_registered_at: String(firstAt),
    registered_at: String(at),
  }
  replaceRow(sink, VALIDATOR, event, held, row)
}

function setGate(event: LogEvent, sink: Sink): void {
  const { hotkey, functioning, reason, lastSuccessAt, shutsAt, at } =
    event.payload as PayloadOf<'ValidatorFunctioningChanged'>
  replaceRow(
    sink,
    GATE,
    event,
    { key: { hotkey: accountOf(hotkey) }, reason },
    {
      functioning,
      reason,
      last_success_at: lastSuccessAt === null ? null : String(lastSuccessAt),
      shuts_at: shutsAt === null ? null : String(shutsAt),
      changed_at: String(at),
    },
  )
}

function changeAllowlist(event: LogEvent, sink: Sink): void {
  const { hotkey, added, actor, at } = event.payload as PayloadOf<'AllowlistChanged'>
  const key = { hotkey: accountOf(hotkey) }
  if (added) {
    const row = { actor: shown(actor), changed_at: String(at) }
    replaceRow(sink, ALLOWLIST, event, { key, reason: 'added again' }, row)
  } else endRow(sink, ALLOWLIST, event, key, 'removed')
}
