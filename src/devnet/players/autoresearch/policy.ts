import { encodeAddress } from '@polkadot/util-crypto'
import { type AutoresearchPolicy, SN94_POLICY } from '../../../mechanisms/autoresearch/policy'
import { autoresearch } from '../../scenario/actors'

const SS58_PREFIX = 42

/** SN94's policy with a contract hotkey that has a uid on the devnet: its last miner's. */
export function devnetPolicy(): AutoresearchPolicy {
  const contractHotkey = encodeAddress(autoresearch.miners.at(-1)!.hotkey.account, SS58_PREFIX)
  return {
    ...SN94_POLICY,
    id: 'autoresearch/devnet',
    enforcement: { ...SN94_POLICY.enforcement, contractHotkey },
  }
}
