import { Command } from 'commander'
import type { Client } from 'pg'
import { connect } from '../../database/connect'
import { auditStored } from '../../engine/audit'
import { LedgerError } from '../../errors/ledger-error'
import { tableOrigins } from '../../projections/table-origins'
import { groups, settingsOf, withFlags } from '../option-flags'
import { runSession } from '../session'
import { openLedger } from '../start/open-ledger'
import { wantedSystems } from '../start/open-systems'

interface AuditFlags {
  readonly seq?: string
}

/** `subledger audit`: computes recorded decisions again from the logs and compares them to the last bit. */
export function auditCommand(): Command {
  const command = new Command('audit').description(
    'compute recorded decisions again from the logs; says equal, or shows the first difference',
  )
  withFlags(command, ['network', 'netuids', ...groups.systems, ...groups.storage, ...groups.logging])
  command.option('--seq <N>', 'number of one decision in the engine log; without it: all')
  return command.action(() =>
    runSession(async (session) => {
      const settings = settingsOf(command)
      const ledger = await openLedger(settings, session)
      const client = await connect(ledger.url)
      session.closers.add('connection', () => client.end())
      const { seq } = command.opts<AuditFlags>()
      for (const { netuid, system } of wantedSystems(settings)) {
        for (const one of seq === undefined ? await decisionsOf(client, netuid) : [Number(seq)]) {
          const audit = await auditStored(client, system, tableOrigins(), { netuid, seq: one })
          session.say(JSON.stringify({ netuid, seq: one, ...audit }))
          if (!audit.equal) throw differs(netuid, one, audit.firstDifference)
        }
      }
    }),
  )
}

async function decisionsOf(client: Client, netuid: number): Promise<number[]> {
  const { rows } = await client.query<{ seq: number }>(
    `select seq::float8 as seq from log_event where log = 'engine' and netuid = $1 and type = 'DecisionMade' order by log_event.seq`,
    [netuid],
  )
  return rows.map((row) => row.seq)
}

const differs = (netuid: number, seq: number, at: string | null) =>
  new LedgerError(
    'SL-AUDIT-DIFFERS',
    'contradiction',
    `Decision ${seq} of subnet ${netuid} is not what the logs give.`,
    {
      remedy: 'Compare the two values above; `subledger verify` tells whether the log itself is whole.',
      facts: { netuid, seq, firstDifference: at ?? '' },
    },
  )
