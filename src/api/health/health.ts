import type { ApiServices } from '../graphql/context'

export interface Readiness {
  readonly ready: boolean
  readonly reason: string | null
  readonly code: string | null
  readonly indexedHeight: number
  readonly finalizedHeight: number | null
  readonly lagBlocks: number | null
}

/**
 * Whether answers are fresh: the database's height against the node's finalized head, which the API asks for itself.
 * @param readyLagBlocks blocks the database may be behind
 */
export async function readiness(api: ApiServices, readyLagBlocks: number): Promise<Readiness> {
  const { height } = api.heads.current
  const unready = (code: string, reason: string, finalizedHeight: number | null = null): Readiness => ({
    ready: false,
    reason,
    code,
    indexedHeight: height,
    finalizedHeight,
    lagBlocks: finalizedHeight === null ? null : Math.max(0, finalizedHeight - height),
  })
  try {
    await api.pool.query('select 1')
  } catch {
    return unready('SL-API-DATABASE', 'the database gives no answer')
  }
  if (height < 0) return unready('SL-API-EMPTY', 'nothing has been indexed yet')
  const sight = api.node?.sight()
  if (!sight) return { ...unready('', ''), ready: true, reason: null, code: null }
  if ('problem' in sight) return unready(sight.problem.code, 'the finalized head of the node is not known')
  const finalized = sight.head.height
  const lagBlocks = Math.max(0, finalized - height)
  if (lagBlocks > readyLagBlocks) {
    return unready(
      'SL-API-LAG',
      `the database is ${lagBlocks} blocks behind; ${readyLagBlocks} are allowed`,
      finalized,
    )
  }
  return {
    ready: true,
    reason: null,
    code: null,
    indexedHeight: height,
    finalizedHeight: finalized,
    lagBlocks,
  }
}
