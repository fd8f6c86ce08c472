import { caster as mechanism } from '../../mechanisms/caster'
import { type AboutCandidate, explainCandidate } from '../../mechanisms/caster/explain-candidate'
import { whatIf } from '../../mechanisms/caster/what-if'
import { casterPlatform } from '../../platform/caster'
import { casterReads as reads } from '../../projections/caster'
import { defineSystem } from '../system'
import { casterRules } from './caster-rules'

/** Caster (spec caster.md). */
export const casterSystem = defineSystem({
  mechanism,
  platform: casterPlatform(casterRules),
  reads,
  netuids: [67],
  triggers: ['RosterChanged', 'RosterUnchanged'],
  explain: (view, policy, _, about: AboutCandidate | null) => about && explainCandidate(view, policy, about),
  whatIf,
})
