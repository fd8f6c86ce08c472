import type { Mechanism } from '../mechanism'
import { type CasterDecision, type CasterView, decide } from './decide'
import { CASTER_TOP3_POLICY, type CasterPolicy, unpublished } from './policy'
import { readCasterPolicy } from './read-caster-policy'

export const caster: Mechanism<CasterView, CasterPolicy, CasterDecision> = {
  name: 'caster',
  defaultPolicy: CASTER_TOP3_POLICY,
  readPolicy: readCasterPolicy,
  decide,
  unpublished,
}
