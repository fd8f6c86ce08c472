import type { PayloadOf } from '../../log/catalogue'
import type { LogEvent } from '../../log/envelope'

/** Lines on the terminal; what comes after them is in the log, the metrics and at the webhook. */
const LINES_MAX = 20

export interface UndecodedAlarmOptions {
  readonly say: (line: string) => void
  /** Takes the events too, when one is named. */
  readonly webhook?: ((events: readonly LogEvent[]) => void) | undefined
}

/**
 * Tells a person of what was seen on the chain and not understood: it is kept raw, nothing was guessed, but read models do not
 * know what it changed. A newer Subledger may.
 */
export function undecodedAlarm({
  say,
  webhook,
}: UndecodedAlarmOptions): (events: readonly LogEvent[]) => void {
  let lines = 0
  return (events) => {
    webhook?.(events)
    for (const event of events) {
      lines += 1
      if (lines <= LINES_MAX) say(lineOf(event))
      else if (lines === LINES_MAX + 1) {
        say('ALARM  There is more that is not understood; see subledger_undecoded_events.')
      }
    }
  }
}

function lineOf({ netuid, height, seq, payload }: LogEvent): string {
  const { what, name, specVersion, reason } = payload as PayloadOf<'Undecoded'>
  return `ALARM  Block ${height}, subnet ${netuid}: the ${what} ${name} of spec ${specVersion} is not understood (${reason}). It is kept raw as event ${seq}.`
}
