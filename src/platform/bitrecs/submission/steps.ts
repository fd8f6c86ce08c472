import type { Check } from './checks'
import * as check from './checks'
import type { Look } from './looks'
import * as look from './looks'

/** A check of §2.4 and what has to be looked up for it. */
export interface Step {
  readonly look?: Look
  readonly check: Check
}

/** Checks 1–4: open to anyone. */
const open: readonly Step[] = [
  { check: check.uploadsAllowed },
  { check: check.systemEnabled },
  { check: check.enoughValidators },
  { check: check.intervalOpen },
]

/** Checks 9–13: what was submitted. */
const artifact: readonly Step[] = [
  { look: look.readGist, check: check.gistUsable },
  { look: look.readArtifact, check: check.artifactFormed },
  { look: look.applyRules, check: check.rulesKept },
  { check: check.createdAtAgrees },
  { check: check.hotkeyAgrees },
]

/** Checks 14–17: who submits. */
const miner: readonly Step[] = [
  { check: check.hotkeyUnused },
  { check: check.gistUnused },
  { check: check.notBanned },
  { look: look.findRegistration, check: check.registered },
]

/** In the order of §2.4; the first that fails is answered. */
export const submitSteps: readonly Step[] = [
  ...open,
  { check: check.timestampInWindow },
  { look: look.verifyTransport, check: check.transportSigned },
  { check: check.nonceUnused },
  { look: look.verifySubmission, check: check.submissionSigned },
  { check: check.noValidator },
  ...artifact,
  ...miner,
  { look: look.tryProviderKey, check: check.providerKeyWorks },
  { look: look.findCommitment, check: check.commitmentValid },
  { check: check.uidUsable },
  { look: look.placeText, check: check.different },
]

/** The preflight's own order; no transport signature, key or commitment is there yet. */
export const checkSteps: readonly Step[] = [
  ...open,
  { look: look.verifySubmission, check: check.submissionSigned },
  { check: check.hotkeyFormed },
  { check: check.noValidator },
  ...miner,
  ...artifact,
  { look: look.placeText, check: check.different },
]
