import { caster as mechanism } from '../../mechanisms/caster'
import { type AboutCandidate, explainCandidate } from '../../mechanisms/caster/explain-candidate'
import { whatIf } from '../../mechanisms/caster/what-if'
import { casterReads as reads } from '../../projections/caster'
import { defineSystem } from '../system'

/** Until the commands are here: read models and decisions of a log that is there. */
const platform = {
  system: 'caster',
  initial: () => ({}),
  evolve: () => undefined,
  routes: () => async () => undefined,
}

/** Caster (spec caster.md). */
export const casterSystem = defineSystem({
  mechanism,
  platform,
  reads,
  netuids: [67],
  triggers: ['RosterChanged', 'RosterUnchanged'],
  explain: (view, policy, _, about: AboutCandidate | null) => about && explainCandidate(view, policy, about),
  whatIf,
})
