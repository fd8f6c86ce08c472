import { autoresearch as mechanism } from '../../mechanisms/autoresearch'
import type { AutoresearchView } from '../../mechanisms/autoresearch/decide'
import { explainBest } from '../../mechanisms/autoresearch/explain'
import type { AutoresearchPolicy } from '../../mechanisms/autoresearch/policy'
import { autoresearchPlatform } from '../../platform/autoresearch'
import { autoresearchReads as reads } from '../../projections/autoresearch'
import type { ReadView } from '../../projections/autoresearch/view'
import { defineSystem } from '../system'
import { autoresearchRules } from './autoresearch-rules'

type View = AutoresearchView & Pick<ReadView, 'tasks'>

/** BitSota autoresearch (spec autoresearch.md). */
export const autoresearchSystem = defineSystem({
  mechanism,
  platform: autoresearchPlatform(autoresearchRules),
  reads,
  netuids: [94],
  triggers: ['RewardPolicySet'],
  explain: (view: View, policy: AutoresearchPolicy, subject) => explain(view, policy, subject),
})

/** Why a submission is, or is not, the best of its task; of a hotkey: all of its accepted ones. */
function explain({ tasks }: View, { comparator }: AutoresearchPolicy, subject: string): unknown {
  const found = tasks.flatMap((task) => {
    const { results, direction, secondaryDirection } = task
    const pareto = secondaryDirection ? { primary: direction, secondary: secondaryDirection } : undefined
    return results
      .filter(({ submissionId, hotkey }) => submissionId === subject || hotkey === subject)
      .map(({ submissionId }) => ({
        task: task.slug,
        ...explainBest(results, submissionId, direction, comparator, pareto),
      }))
  })
  return found.length > 0 ? { comparatorVersion: comparator.version, results: found } : null
}
