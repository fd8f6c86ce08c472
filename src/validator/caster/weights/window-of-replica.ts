import { readCasterPolicy } from '../../../mechanisms/caster/read-caster-policy'
import { noDecision } from '../../follow-decisions'
import type { ReplicaSource } from './decision-of-replica'

/**
 * Blocks between two weight calls, by the policy that holds at a block. It is read anew each time: the operator may have put another one
 * in force since.
 * @throws LedgerError SL-NO-DECISION before the first policy, SL-POLICY-INVALID, SL-REPLICA-…
 */
export const windowOfReplica =
  ({ replica, netuid }: Omit<ReplicaSource, 'apiUrl'>) =>
  async (height: number): Promise<number> => {
    const policy = await replica.policyAt(height)
    if (!policy) throw noDecision(netuid)
    return readCasterPolicy(policy).windowBlocks
  }
