import type { Hex } from '../../../log/envelope'
import type { Command } from '../../core/decider'
import { draft } from '../../core/platform-event'
import { accountOf } from '../../core/signatures'
import { type Answer, done, type Refusal, refuse } from '../answer'
import type { AutoresearchRules } from '../rules'
import type { AutoresearchState } from '../state'
import { backingOf } from './backing'
import { treeOfEpoch } from './decide-epoch'
import type { ClaimEpoch, EpochStatus } from './state'

type Fault = Pick<Refusal, 'status' | 'code' | 'reason' | 'facts'>
type EpochCommand = Command<AutoresearchState, Answer>

/** A command about an epoch in one of these states; 404 and 409 otherwise. */
function aboutEpoch(
  command: string,
  epoch: number,
  states: readonly EpochStatus[],
  decide: (found: ClaimEpoch, ...rest: Parameters<EpochCommand>) => ReturnType<EpochCommand>,
): EpochCommand {
  return (state, moment) => {
    const no = (fault: Fault) => refuse({ command, subject: `epoch ${epoch}`, ...fault }, moment.timeMs)
    const found = state.merkle.epochs.find((candidate) => candidate.epoch === epoch)
    if (!found) return no({ status: 404, code: 'epoch_not_found', reason: 'There is no such epoch' })
    if (!states.includes(found.status))
      return no({ status: 409, code: `epoch_${found.status}`, reason: `The epoch is ${found.status}` })
    return decide(found, state, moment)
  }
}

/** POST /claims/admin/epochs/{epoch}/publish: only what the gate lets through (spec autoresearch §10.3). */
export const publishEpoch = (
  epoch: number,
  declared: { readonly root: string; readonly total: bigint; readonly uri: string; readonly block: number },
  rules: AutoresearchRules,
): EpochCommand =>
  aboutEpoch('publish-epoch', epoch, ['built'], (found, state, { timeMs: at }) => {
    const backing = backingOf(state)
    const faults = treeOfEpoch(found, rules).gate(
      found.entries.map(({ hotkey }) => backing.get(hotkey)),
      declared,
    )
    if (faults.length > 0) {
      const shown = faults.map((fault) => ({
        ...fault,
        ...(fault.index !== undefined && { hotkey: found.entries[fault.index]!.hotkey }),
      }))
      const reason = 'The gate does not let this epoch through'
      const refusal = {
        command: 'publish-epoch',
        subject: `epoch ${epoch}`,
        status: 422,
        code: 'publish_gate',
        reason,
      }
      return refuse({ ...refusal, facts: { faults: shown } }, at)
    }
    const balances = [...found.amounts.amounts].map(([hotkey, published]) => ({
      hotkey: accountOf(hotkey)!,
      published: String(published),
      paid: String(state.merkle.paid.get(hotkey) ?? 0n),
    }))
    const { uri, block } = declared
    const event = draft('EpochPublished', { epoch, root: found.root, uri, block, balances, at })
    return done({ epoch, root: found.root, status: 'published' }, [event])
  })

/** POST /claims/admin/epochs/{epoch}/discard: an epoch that was never published. */
export const discardEpoch = (epoch: number, reason: string): EpochCommand =>
  aboutEpoch('discard-epoch', epoch, ['built'], (_, __, { timeMs: at }) =>
    done({ epoch, status: 'discarded' }, [draft('EpochDiscarded', { epoch, reason, at })]),
  )

/** POST /claims/admin/epochs/{epoch}/challenge. */
export const challengeEpoch = (epoch: number, evidenceHash: Hex, challenger: string): EpochCommand =>
  aboutEpoch('challenge-epoch', epoch, ['published'], (_, __, { timeMs: at }) =>
    done({ epoch, status: 'challenged' }, [
      draft('EpochChallenged', { epoch, evidenceHash, challenger, at }),
    ]),
  )

/** POST /claims/admin/epochs/{epoch}/resolve: slashed epochs pay nothing any more, and their totals do not stand. */
export const resolveChallenge = (
  epoch: number,
  slashed: boolean,
  by: { readonly resolver: string; readonly beneficiary: string | null },
): EpochCommand =>
  aboutEpoch('resolve-challenge', epoch, ['challenged'], (found, state, { timeMs: at }) => {
    const isPaid = found.entries.some(({ hotkey, cumulative, increment }) => {
      const paid = state.merkle.paid.get(hotkey) ?? 0n
      return paid > cumulative - increment
    })
    const isBuiltUpon = state.merkle.epochs.some(
      (later) => later.epoch > epoch && later.status !== 'discarded',
    )
    if (slashed && (isPaid || isBuiltUpon)) {
      const reason =
        'Somebody was paid out of this epoch, or another was built upon it: its totals cannot be taken back'
      const refusal = {
        command: 'resolve-challenge',
        subject: `epoch ${epoch}`,
        status: 409,
        code: 'epoch_stands',
      }
      return refuse({ ...refusal, reason }, at)
    }
    const event = draft('ChallengeResolved', { epoch, slashed, ...by, at })
    return done({ epoch, status: slashed ? 'slashed' : 'published' }, [event])
  })

/** POST /claims/admin/veto: one veto locks every claim. */
export const changeVeto = (
  epoch: number,
  active: boolean,
  by: { readonly actor: string; readonly reason: string },
): EpochCommand =>
  aboutEpoch('veto', epoch, ['published', 'challenged', 'slashed'], (_, { merkle }, { timeMs: at }) => {
    const { vetoes } = merkle
    if (vetoes.has(epoch) === active) return done({ veto_count: vetoes.size })
    const activeCount = vetoes.size + (active ? 1 : -1)
    return done({ veto_count: activeCount }, [
      draft('VetoChanged', { epoch, active, activeCount, ...by, at }),
    ])
  })
