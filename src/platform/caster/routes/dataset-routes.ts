import { randomBytes, randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { refusing } from '../answer'
import type { Fault } from '../auth/faults'
import { DatasetBody } from '../datasets/claim-record'
import { buildDataset, showDataset } from '../datasets/decide-dataset'
import { type DatasetInput, datasetFault, datasetInput, sealClaims } from '../datasets/seal-claims'
import { policyNow } from '../policy-now'
import { keepClaims } from '../private/private-content'
import type { CasterServices } from '../services'
import type { CasterState } from '../state'
import { needsAdmin } from './authenticate'
import { answered, Open, Page, page, refusals } from './shapes'

/** A thousand claims with their references. */
export const DATASET_BODY_MAX_BYTES = 16_777_216
const SALT_BYTES = 32

/** Checks a data set and puts its claims where only the hash of them is told. */
export async function takeDataset(
  { rules, commands, pool, netuid }: CasterServices,
  body: DatasetBody,
): Promise<DatasetInput | Fault> {
  const fault = datasetFault(body, rules)
  if (fault) return fault
  const { sessionBudgetMicroUsd } = policyNow(commands.state, rules, commands.state.height)
  const salt = randomBytes(SALT_BYTES).toString('hex')
  const content = sealed(body, sessionBudgetMicroUsd, salt)
  if (content === undefined)
    return { status: 422, code: 'dataset_invalid', reason: 'a text has half a character or a NUL' }
  return datasetInput(body, randomUUID(), await keepClaims(pool, netuid, content))
}

/** undefined: the text is not what every reader can write down again. */
function sealed({ claims }: DatasetBody, budget: string, salt: string): string | undefined {
  try {
    const text = sealClaims(claims, budget, salt)
    return text.includes('\\u0000') ? undefined : text
  } catch {
    return undefined
  }
}

/** Data sets of the operator (spec caster §5). */
export const datasetRoutes =
  (services: CasterServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { commands, rules } = services
    const admin = { onRequest: needsAdmin(services) }
    app.post(
      '/datasets',
      {
        ...admin,
        bodyLimit: DATASET_BODY_MAX_BYTES,
        schema: {
          summary: 'Operator: claims with their references; kept when the champion gets enough of them wrong',
          body: DatasetBody,
          response: {
            200: Open({ dataset_id: Type.String(), accepted: Type.Boolean() }),
            ...refusals(409, 413),
          },
        },
      },
      async ({ body }, reply) => {
        const taken = await takeDataset(services, body)
        const command =
          'code' in taken
            ? refusing<CasterState>({ command: 'build-dataset', ...taken })
            : buildDataset(taken, rules)
        return answered(reply, await commands.execute(command))
      },
    )
    app.get(
      '/datasets',
      {
        ...admin,
        schema: {
          summary: 'Operator: data sets, newest first',
          querystring: Type.Object(Page),
          response: {
            200: Open({ datasets: Type.Array(Type.Unknown()), total: Type.Integer() }),
            ...refusals(),
          },
        },
      },
      async ({ query }) => {
        const datasets = [...commands.state.datasets.values()]
        return { datasets: page(datasets, query).map(showDataset), total: datasets.length }
      },
    )
  }
