import { newestDecision, noDecision, recommendedOf } from '../../follow-decisions'
import type { SubnetReplica } from '../../replica/verify-decision'
import type { Recommended } from '../../set-weights/plan'

export interface ReplicaSource {
  readonly replica: SubnetReplica
  readonly apiUrl: string
  readonly netuid: number
}

/**
 * The subnet's newest decision, computed again from events that were hashed here, as `subledger validator` does it.
 * @throws LedgerError SL-NO-DECISION, SL-DECISION-DIFFERS, SL-REPLICA-…
 */
export const decisionOfReplica =
  ({ replica, apiUrl, netuid }: ReplicaSource) =>
  async (): Promise<Recommended> => {
    const seq = await newestDecision(apiUrl, netuid)
    if (seq === null) throw noDecision(netuid)
    return recommendedOf((await replica.verify(seq)).event)
  }
