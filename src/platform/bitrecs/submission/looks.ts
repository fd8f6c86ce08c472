import { hash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { ChainFacts } from '../../core/chain-facts'
import type { SignatureChecks } from '../../core/signature-checks'
import { parseArtifact } from './artifact'
import { brokenRule } from './artifact-rules'
import { commitmentText, judgeCommitment, mayStillCome } from './commitment'
import type { Findings, Incoming } from './context'
import { comparedText } from './embedder'
import { fetchGist } from './gist'
import type { InclusionProofs } from './inclusion-proof'
import { checkProviderKey } from './provider-key'
import { type Finding, faulty, found, missed } from './refusal'
import { submissionMessage, transportMessage } from './request'
import type { SubmissionRules } from './rules'
import { keepKey } from './temp-keys'

/** What can be asked from outside of a decision. */
export interface Outside {
  readonly rules: SubmissionRules
  readonly facts: ChainFacts
  readonly pool: Pool
  readonly proofs: InclusionProofs
  readonly signatures: SignatureChecks
}

/** Fetches what a check needs; the answer is data that the decision looks at later. */
export type Look = (incoming: Incoming, findings: Findings, outside: Outside) => Promise<void> | void

const OPEN_ROUTER = 'OPEN_ROUTER'

export const verifyTransport: Look = async ({ submission, transport, account }, findings, outside) => {
  findings.transportSigned = false
  if (transport === null) return
  for (const version of outside.rules.clientVersions) {
    const message = transportMessage(submission, transport, version)
    findings.transportSigned = await outside.signatures.check(account, message, transport.signature)
    if (findings.transportSigned) return
  }
}

export const verifySubmission: Look = async ({ submission, account }, findings, { signatures }) => {
  const message = submissionMessage(submission)
  findings.submissionSigned = await signatures.check(account, message, submission.signature)
}

export const readGist: Look = async ({ submission, requestId }, findings, { rules }) => {
  const gist = await fetchGist(submission.github_account, submission.gist_id, rules.gist)
  findings.gist = withRequestId(gist, requestId)
}

export const readArtifact: Look = ({ requestId }, findings) => {
  if (findings.gist?.ok)
    findings.artifact = withRequestId(parseArtifact(findings.gist.value.content), requestId)
}

export const applyRules: Look = (_, findings, { rules }) => {
  const { gist, artifact } = findings
  if (!gist?.ok || !artifact?.ok) return
  const broken = brokenRule(artifact.value, rules.artifact, gist.value.content)
  findings.rulesKept = broken ? missed(broken) : found(true)
}

export const findRegistration: Look = async ({ account }, findings, { rules, facts }) => {
  findings.registration = account === null ? null : await facts.registration(rules.netuid, account)
}

/** The key is kept apart from the log, for a few hours, for those who evaluate the artifact. */
export const tryProviderKey: Look = async ({ transport, account }, findings, { rules, pool }) => {
  const artifact = findings.artifact?.ok ? findings.artifact.value : undefined
  if (!artifact || artifact.provider.toUpperCase() !== OPEN_ROUTER) {
    findings.providerKey = found(true)
    return
  }
  const key = transport?.openRouterKey
  if (!key) {
    findings.providerKey = missed(faulty('provider_key_missing', 'X-ORTK is needed for OPEN_ROUTER'))
    return
  }
  findings.providerKey = await checkProviderKey(rules.openRouterUrl, key, artifact.model)
  if (findings.providerKey.ok) await keepKey(pool, rules.netuid, account!, key)
}

/** Looks again while nothing has been revealed: blocks are read only when they are final. */
export const findCommitment: Look = async ({ account }, findings, { rules, facts, proofs }) => {
  if (!findings.gist?.ok || account === null) return
  const { commitSha, sha256 } = findings.gist.value
  const expected = commitmentText(commitSha, sha256)
  for (let attempt = 1; ; attempt++) {
    const judged = judgeCommitment(rules.netuid, await facts.reveals(rules.netuid, account), expected)
    if (judged.ok) {
      const proof = await proofs.of(judged.value.seq)
      findings.commitment = found({ reveal: judged.value, proof })
      return
    }
    findings.commitment = judged
    if (!mayStillCome(judged) || attempt >= rules.commitmentAttempts) return
    await pause(rules.commitmentPauseMs)
  }
}

export const placeText: Look = async (_, findings, { rules }) => {
  if (!findings.artifact?.ok) return
  const text = comparedText(findings.artifact.value)
  findings.textSha256 = hash('sha256', text, 'hex')
  try {
    findings.placed = { model: rules.embedder.model, vector: await rules.embedder.embed(text) }
  } catch {
    findings.placed = null
  }
}

/** What the reference answers when an artifact cannot even be read names the request. */
function withRequestId<T>(finding: Finding<T>, requestId: string): Finding<T> {
  if (finding.ok || finding.refusal.extra?.details === undefined) return finding
  const { refusal } = finding
  return missed({ ...refusal, extra: { ...refusal.extra, request_id: requestId } })
}
