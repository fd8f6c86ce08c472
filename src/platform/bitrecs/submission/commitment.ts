import type { RevealedCommitment } from '../../core/chain-facts'
import { type Finding, faulty, found, missed } from './refusal'

/** Netuid of the test network: there a hotkey may reveal as often as it likes (§1.3). */
const TEST_NETUID = 296

/** `<gist commit sha>:<sha256 of the raw content>` (§1.1). */
export const commitmentText = (commitSha: string, sha256: string): string => `${commitSha}:${sha256}`

const invalid = (code: string, details: string): Finding<never> =>
  missed(faulty(`commitment_${code}`, `Commitment to chain is not valid for this submission: ${details}`))

/**
 * The rule of the reference over the reveals of our own finalized log, oldest first: a timelocked commitment that has been opened;
 * off the test network exactly one, so a second one ends the hotkey for good; the newest; equal to what GitHub has.
 */
export function judgeCommitment(
  netuid: number,
  reveals: readonly RevealedCommitment[],
  expected: string,
): Finding<RevealedCommitment> {
  const opened = reveals.filter((reveal) => reveal.wasTimelocked)
  const newest = opened.at(-1)
  if (!newest) return invalid('missing', 'nothing has been revealed yet')
  if (netuid !== TEST_NETUID && opened.length !== 1) {
    return invalid('not_single', `the hotkey has revealed ${opened.length} times`)
  }
  if (newest.text === null || newest.text.split(':').length !== 2) {
    return invalid('malformed', 'it is not two hashes with a colon between them')
  }
  return newest.text === expected ? found(newest) : invalid('mismatch', 'the gist is not what was committed')
}

/** Only what is not there yet may still come: nothing else is worth another look. */
export const mayStillCome = (finding: Finding<RevealedCommitment>): boolean =>
  !finding.ok && finding.refusal.code === 'commitment_missing'
