import { LedgerError } from '../../errors/ledger-error'
import { autoresearch } from '../../mechanisms/autoresearch'
import { acceptance } from '../../mechanisms/autoresearch/acceptance'
import { bestOf, compareResults } from '../../mechanisms/autoresearch/best-result'
import { actOnClaim, openClaim } from '../../mechanisms/autoresearch/claim-lifecycle'
import { splitBudget } from '../../mechanisms/autoresearch/competition-split'
import { explainBest } from '../../mechanisms/autoresearch/explain'
import { ideaFault, ideaRewards } from '../../mechanisms/autoresearch/idea-rewards'
import { medianMetrics } from '../../mechanisms/autoresearch/observed-metrics'
import { paretoFrontier } from '../../mechanisms/autoresearch/pareto'
import { checkPatch } from '../../mechanisms/autoresearch/patch-surface'
import { addPeer } from '../../mechanisms/autoresearch/peer-consensus'
import { freezeSpec } from '../../mechanisms/autoresearch/replay-spec'
import { rewardSnapshot } from '../../mechanisms/autoresearch/reward-snapshot'
import { signingMessage } from '../../mechanisms/autoresearch/signing'
import { comparatorFor } from '../../mechanisms/autoresearch/task-comparator'
import { parseWeightPolicy } from '../../mechanisms/autoresearch/weight-policy'
import { canonicalJson } from '../../mechanisms/canonical-json'
import { dryRunClaim } from '../../mechanisms/claims/cumulative'
import { buildEpoch, packageFor, verifyPackage } from '../../mechanisms/claims/epoch'
import { checkLedger, nextEpoch } from '../../mechanisms/claims/epoch-ledger'
import { fromHex, toHex } from '../../mechanisms/claims/hex'
import { HASH_BYTES, keccak256 } from '../../mechanisms/claims/keccak'
import { leafScheme } from '../../mechanisms/claims/leaf-schemes'
import { publishGate } from '../../mechanisms/claims/publish-gate'
import { policyAt } from '../../mechanisms/policy-history'
import type { AutoresearchRules, BuiltTree, LeafList } from '../../platform/autoresearch/rules'

const EVM_ADDRESS = /^0x[0-9a-fA-F]{40}$/

/** Hash that a leaf binds its claim's meaning with: keccak of canonical JSON (spec autoresearch §10.3). */
const jsonHash = (value: Readonly<Record<string, string | number>>): string =>
  toHex(keccak256(Buffer.from(canonicalJson(value), 'utf8')))

function build({ epoch, schemeId, laneId, leaves }: LeafList): BuiltTree {
  const claims = leaves.map(({ index, hotkey, recipient, amount }) => {
    const meaning = jsonHash({ epoch, miner_hotkey: hotkey, amount_units: String(amount) })
    return {
      index,
      account: recipient,
      amount,
      epoch: BigInt(epoch),
      offchainLaneId: laneId,
      rewardHash: meaning,
      allocationHash: meaning,
    }
  })
  const built = buildEpoch(claims, schemeId)
  return {
    root: toHex(built.tree.root) as `0x${string}`,
    total: built.total,
    proof: (index) => built.tree.proof(index).map(toHex),
    proofFault(index, proof) {
      try {
        const siblings = proof.map((node) => fromHex(node, HASH_BYTES, 'proof'))
        return verifyPackage({ ...packageFor(built, index), proof: siblings }, built)
      } catch (error) {
        if (error instanceof LedgerError) return 'malformed'
        throw error
      }
    },
    gate: (backing, declared) => publishGate(built, backing, declared),
  }
}

/** The mechanism as the platform's commands use it. */
export const autoresearchRules: AutoresearchRules = {
  defaultPolicy: autoresearch.defaultPolicy,
  readPolicy: autoresearch.readPolicy,
  unpublished: (policy) => autoresearch.unpublished?.(policy) ?? [],
  policyAt,
  signingMessage,
  freezeSpec,
  checkPatch,
  openClaim,
  actOnClaim,
  ideaFault,
  ideaRewards,
  acceptance,
  addPeer,
  compareResults,
  comparatorFor,
  medianMetrics,
  bestOf,
  paretoFrontier,
  explainBest,
  parseWeightPolicy,
  rewardSnapshot,
  splitBudget,
  claims: {
    checkScheme: (schemeId) => void leafScheme(schemeId),
    // Every scheme whose leaf is known names an EVM address; the ink! leaf, which would name a coldkey, is unpublished.
    takesRecipient: (_, recipient) => EVM_ADDRESS.test(recipient),
    build,
    nextEpoch,
    checkLedger,
    dryRun: dryRunClaim,
  },
}
