import type { PayloadOf } from '../../log/catalogue'
import { accountOf, replaceRow } from '../fold/event-rows'
import type { Projection } from '../fold/projection'
import { heldBy } from '../fold/table-rule'

const SCRIPT = 'caster_script'

/** The newest script of each hotkey. `ScriptSuperseded` says again what a newer `ScriptSubmitted` says by itself. */
export const casterScripts: Projection = {
  name: 'caster_scripts',
  version: 1,
  log: 'platform',
  tables: { [SCRIPT]: { ...heldBy('netuid', 'hotkey'), hasOrdinal: true } },
  apply(event, sink) {
    if (event.type !== 'ScriptSubmitted') return
    const { artifactId, hotkey, uidAtSubmit, contentSha256, bytes, at } =
      event.payload as PayloadOf<'ScriptSubmitted'>
    const held = { key: { hotkey: accountOf(hotkey) }, reason: 'superseded' }
    replaceRow(sink, SCRIPT, event, held, {
      artifact_id: artifactId,
      uid_at_submit: uidAtSubmit,
      content_sha256: contentSha256,
      bytes,
      submitted_at: String(at),
    })
  },
}
