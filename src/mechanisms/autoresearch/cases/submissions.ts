import { Type } from '@sinclair/typebox'
import { type CaseRule, NonNegative, open, rule, Text } from '../../case-rule'
import { actOnClaim, openClaim } from '../claim-lifecycle'
import { checkSurface } from '../patch-surface'
import { SN94_POLICY } from '../policy'
import { fromTopic, textOf } from './context'

const DEFAULT_MAX_PATCH_BYTES = 262_144

/** Which files a patch may touch, and how many bytes it may have (spec autoresearch §7). */
export const patch = rule(
  'patch surface',
  ['paths', 'bytes'],
  Type.Object(
    {
      paths: Type.Array(Text),
      bytes: NonNegative,
      allowed_patch_paths: Type.Optional(Type.Array(Text)),
      max_patch_bytes: Type.Optional(NonNegative),
    },
    open,
  ),
  (entry) => {
    const allowed = entry.allowed_patch_paths ?? fromTopic(entry, /allowed_patch_paths=(\[[^\]]*\])/) ?? ['*']
    const limit =
      entry.max_patch_bytes ?? fromTopic(entry, /max_patch_bytes=(\d+)/) ?? DEFAULT_MAX_PATCH_BYTES
    const { rejection } = checkSurface({ bytes: entry.bytes, paths: entry.paths }, allowed, limit)
    return { result: rejection ? `rejected ${rejection}` : 'pass' }
  },
)

function timeOf(value: unknown): number {
  return Date.parse(textOf(value))
}

/** What becomes of a claim on a task (spec autoresearch §5). */
export const lifecycle: CaseRule = {
  ...rule('claim lifecycle', ['at', 'action'], Type.Object({ at: Text, action: Text }, open), (entry) => {
    const at = timeOf(entry.at)
    const claim = openClaim('owner', timeOf(entry.created_at), SN94_POLICY.claimMinutes)
    const hotkey = /another hotkey/.test(entry.action) ? 'stranger' : 'owner'
    const before = /after cancel/.test(entry.action) ? actOnClaim(claim, 'cancel', 'owner', at) : claim
    const step =
      typeof before === 'string'
        ? before
        : actOnClaim(before, /^cancel/.test(entry.action) ? 'cancel' : 'submit', hotkey, at)
    if (typeof step === 'string') return { result: `refused, ${step}` }
    return {
      result: step.status === 'submitted' ? 'submitted; submission pending_verification' : step.status,
    }
  }),
  fault: (entry) =>
    typeof entry.action !== 'string' ||
    Number.isNaN(timeOf(entry.at)) ||
    Number.isNaN(timeOf(entry.created_at))
      ? '/action must be text, /at and /created_at times'
      : undefined,
}
