import { bitrecs as mechanism } from '../../mechanisms/bitrecs'
import { explain } from '../../mechanisms/bitrecs/explain'
import { frontierReport, leaderboard, subsetWinners } from '../../mechanisms/bitrecs/inspect'
import type { BitrecsPolicy } from '../../mechanisms/bitrecs/policy'
import { standings } from '../../mechanisms/bitrecs/standings'
import { scoringTables } from '../../mechanisms/bitrecs/tables'
import type { BitrecsView } from '../../mechanisms/bitrecs/view'
import { type Change, whatIf } from '../../mechanisms/bitrecs/what-if'
import { bitrecs as platform } from '../../platform/bitrecs'
import { bitrecsReads as reads } from '../../projections/bitrecs'
import { defineSystem } from '../system'

/** Bitrecs V2: main network and test network (spec bitrecs.md). */
export const bitrecsSystem = defineSystem({
  mechanism,
  platform,
  reads,
  netuids: [122, 296],
  // Whoever is banned is not to be paid until the end of the epoch.
  triggers: ['BitrecsHotkeyBanned', 'BitrecsHotkeyUnbanned', 'BitrecsAgentUnapproved'],
  explain: (view: BitrecsView, policy: BitrecsPolicy, subject) =>
    explain(standings(view, policy), policy, subject, view.height),
  whatIf: (view: BitrecsView, policy: BitrecsPolicy, change) => whatIf(view, policy, change as Change),
  inspect: {
    leaderboard: (view: BitrecsView, policy: BitrecsPolicy) => leaderboard(view, policy),
    frontier: (view: BitrecsView, policy: BitrecsPolicy) => frontierReport(view, policy),
    subsetWinners: (view: BitrecsView, policy: BitrecsPolicy, page: { first: number; after: number }) =>
      subsetWinners(view, policy, page),
    tables: (view: BitrecsView, policy: BitrecsPolicy) => scoringTables(view, policy),
  },
})
