import { Type } from '@sinclair/typebox'
import { closed, open, rule, Text } from '../../case-rule'
import { aggregate } from '../aggregation'
import { curate } from '../batch'
import { CASTER_TOP3_POLICY } from '../policy'

/** Scores of several validators, as their medians (spec caster §6). */
export const aggregation = rule(
  'aggregation',
  ['validators'],
  Type.Object(
    {
      validators: Type.Record(
        Text,
        Type.Record(Text, Type.Record(Text, Type.Union([Type.Number(), Type.Null()]), closed), closed),
        closed,
      ),
    },
    open,
  ),
  ({ validators }) => {
    const reports = Object.entries(
      validators as Record<string, Record<string, Record<string, number | null>>>,
    )
    const artifacts = [...new Set(reports.flatMap(([, report]) => Object.keys(report)))]
    const tasks = [
      ...new Set(reports.flatMap(([, report]) => Object.values(report).flatMap((row) => Object.keys(row)))),
    ]
    const matrices = reports.map(([validator, report]) => ({
      validator,
      scores: artifacts.map((a) => (report[a] ? tasks.map((t) => report[a]![t] ?? null) : null)),
    }))
    const result = aggregate(matrices, artifacts.length, tasks.length)
    return {
      validators_counted: result.counted,
      validators_excluded: result.excluded,
      artifacts: Object.fromEntries(
        result.artifacts.map((own, index) => [
          artifacts[index]!,
          {
            medians: Object.fromEntries(tasks.map((t, j) => [t, own.medians[j]!])),
            total: own.total,
            score: own.score,
          },
        ]),
      ),
    }
  },
)

/** Whether a batch of claims is hard enough for the champion (spec caster §5). */
export const curation = rule(
  'curation',
  ['reference', 'champion'],
  Type.Object(
    {
      reference: Type.Array(Type.Number()),
      champion: Type.Union([Type.Null(), Type.Array(Type.Union([Type.Number(), Type.Null()]))]),
    },
    open,
  ),
  ({ reference, champion }) => {
    const claims =
      champion &&
      reference.map((verdict: number, index: number) => ({
        reference: verdict,
        champion: champion[index] ?? null,
      }))
    const { accepted, wrong, total, wrongShare } = curate(
      claims,
      CASTER_TOP3_POLICY.curationWrongShare,
      reference.length,
    )
    return { accepted, wrong, total, wrong_share: wrongShare }
  },
)
