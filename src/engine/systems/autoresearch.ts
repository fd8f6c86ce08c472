import { autoresearch as mechanism } from '../../mechanisms/autoresearch'
import {
  type AboutMiner,
  type ExplainedView,
  explainSubject,
} from '../../mechanisms/autoresearch/explain-subject'
import type { AutoresearchPolicy } from '../../mechanisms/autoresearch/policy'
import { autoresearchPlatform } from '../../platform/autoresearch'
import { autoresearchReads as reads } from '../../projections/autoresearch'
import { defineSystem } from '../system'
import { autoresearchRules } from './autoresearch-rules'

/** BitSota autoresearch (spec autoresearch.md). */
export const autoresearchSystem = defineSystem({
  mechanism,
  platform: autoresearchPlatform(autoresearchRules),
  reads,
  netuids: [94],
  triggers: ['RewardPolicySet'],
  explain: (view: ExplainedView, policy: AutoresearchPolicy, _, about: AboutMiner | null) =>
    about && explainSubject(view, policy, about),
})
