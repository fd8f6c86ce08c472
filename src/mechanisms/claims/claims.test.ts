import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { proveClaims } from '../prove-claims'
import { fromHex, toHex } from './hex'
import { leafScheme } from './leaf-schemes'
import { foldProof } from './tree'

const shared = process.env.SUBLEDGER_SHARED ?? path.resolve(__dirname, '../../../../shared')
const file = path.join(shared, 'vectors/autoresearch.json')
const present = existsSync(file)
// biome-ignore lint/suspicious/noExplicitAny: vectors are data of many shapes
const vectors: any[] = present ? JSON.parse(readFileSync(file, 'utf8')).vectors : []
const byId = (id: string) => vectors.find((vector) => vector.id === id)

describe.skipIf(!present)(
  `claim vectors of ../shared/vectors/autoresearch.json${present ? '' : ' (absent)'}`,
  () => {
    it.each(vectors.filter((vector) => vector.id.startsWith('bitsota-merkle-emission')))('$id', (vector) => {
      const { root, layers, total_amount, leaf_count, claims } = vector
      expect(proveClaims(vector, 'emission')).toMatchObject({
        root,
        layers,
        total_amount,
        leaf_count,
        claims,
      })
    })

    it('genesis tree and both preimages', () => {
      const { genesis, emission_abi_hex } = byId('bitsota-leaf-preimage')
      expect(proveClaims(genesis, 'genesis')).toMatchObject({ root: genesis.root, claims: genesis.claims })
      expect(proveClaims([genesis.claims[0]], 'genesis').root).toBe(genesis.single_leaf_root_equals_leaf)
      const { epoch, offchain_lane_id, claims } = byId('bitsota-merkle-emission-1')
      const claim = {
        index: 0,
        account: claims[0].account,
        amount: BigInt(claims[0].amount),
        epoch: BigInt(epoch),
        offchainLaneId: offchain_lane_id,
        rewardHash: claims[0].reward_hash,
      }
      expect(toHex(leafScheme('emission').preimage(claim))).toBe(emission_abi_hex)
    })

    it('the same claims under other schemes', () => {
      const vector = byId('bitsota-merkle-contrast')
      const input = byId('bitsota-merkle-emission-3')
      const standard = proveClaims(input, 'openzeppelin')
      expect(standard.root).toBe(vector.openzeppelin_standard.root)
      const claims = standard.claims as { leaf: string; proof: string[] }[]
      expect(claims.map((claim) => claim.proof)).toEqual(vector.openzeppelin_standard.proofs)
      expect(claims.map((claim) => claim.leaf)).toEqual(vector.openzeppelin_standard.leaf_hashes)
      const uniswap = proveClaims(input, 'uniswap')
      expect((uniswap.claims as { leaf: string }[]).map((claim) => claim.leaf)).toEqual(
        vector.uniswap_style.leaves,
      )
      expect(uniswap.root).toBe(vector.uniswap_style.root_sorted_leaves)
      expect(proveClaims(input, 'uniswap-list-order').root).toBe(
        vector.uniswap_style.root_if_list_order_promote,
      )
      expect(proveClaims(input, 'openzeppelin-untagged').root).toBe(vector.openzeppelin_untagged_root)
    })

    it('folds of single hashes, with the second-preimage caution they carry', () => {
      const { root, cases } = byId('bitsota-merkle-negative')
      for (const { name, leaf, proof, verifies } of cases) {
        const folded = foldProof(
          fromHex(leaf, 32, 'leaf'),
          proof.map((node: string) => fromHex(node, 32, 'proof')),
        )
        expect(toHex(folded) === root, name).toBe(verifies)
      }
    })
  },
)
