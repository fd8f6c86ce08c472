import type { Hex } from '../../../log/envelope'
import type { Command, Decided } from '../../core/decider'
import { draft, type PlatformDraft } from '../../core/platform-event'
import type { BitrecsState } from '../state'
import type { Reply } from '../submission/decide'

/** What the operator wants; a hotkey is null when it was no address. */
export type AdminAct =
  | { readonly act: 'ban-hotkey' | 'unban-hotkey'; readonly hotkey: Hex | null; readonly reason: string }
  | { readonly act: 'unapprove-agent'; readonly agentId: string; readonly reason: string }
  | { readonly act: 'switch-submissions'; readonly enabled: boolean; readonly reason: string }
  | {
      readonly act: 'set-policy'
      readonly policy: { readonly id: string; readonly effectiveFromBlock: number }
    }

/** An act that would change nothing is refused, so that the log says when something changed. */
export const decideAdmin =
  (wanted: AdminAct): Command<BitrecsState, Reply> =>
  (state, { timeMs: at }) => {
    switch (wanted.act) {
      case 'ban-hotkey':
      case 'unban-hotkey':
        return decideBan(wanted, state, at)
      case 'unapprove-agent': {
        const { agentId, reason } = wanted
        if (!state.agents.has(agentId))
          return refused(wanted, 404, 'agent_unknown', 'No such agent', agentId, at)
        if (state.unapproved.has(agentId)) {
          return refused(wanted, 409, 'agent_unapproved', 'The agent is unapproved already', agentId, at)
        }
        return done(draft('BitrecsAgentUnapproved', { agentId, reason, at }))
      }
      case 'switch-submissions': {
        const { enabled, reason } = wanted
        return done(draft('BitrecsSubmissionsSwitched', { enabled, reason, at }))
      }
      case 'set-policy': {
        const { policy } = wanted
        const { id: policyId, effectiveFromBlock } = policy
        return done(
          draft('PolicySet', {
            system: 'bitrecs',
            policyId,
            effectiveFromBlock,
            policy,
            origin: 'operator',
            at,
          }),
        )
      }
    }
  }

function decideBan(
  wanted: Extract<AdminAct, { readonly hotkey: Hex | null }>,
  { bans }: BitrecsState,
  at: number,
): Decided<Reply> {
  const { hotkey, reason } = wanted
  if (hotkey === null) return refused(wanted, 400, 'hotkey_invalid', 'Invalid hotkey format', null, at)
  if (wanted.act === 'ban-hotkey') {
    return bans.has(hotkey)
      ? refused(wanted, 409, 'hotkey_banned', 'The hotkey is banned already', hotkey, at)
      : done(draft('BitrecsHotkeyBanned', { hotkey, reason, at }))
  }
  return bans.has(hotkey)
    ? done(draft('BitrecsHotkeyUnbanned', { hotkey, reason, at }))
    : refused(wanted, 409, 'hotkey_not_banned', 'The hotkey is not banned', hotkey, at)
}

const done = (event: PlatformDraft): Decided<Reply> => ({
  events: [event],
  reply: { status: 200, body: { status: 'success' } },
})

function refused(
  { act: command }: AdminAct,
  status: number,
  code: string,
  reason: string,
  subject: string | null,
  at: number,
): Decided<Reply> {
  const event = draft('CommandRefused', {
    system: 'bitrecs',
    command,
    code,
    status,
    reason,
    subject,
    requestHash: null,
    at,
  })
  return { events: [event], reply: { status, body: { error: reason, code } } }
}
