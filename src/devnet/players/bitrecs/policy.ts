import { BITRECS_PROFILES, type BitrecsPolicy } from '../../../mechanisms/bitrecs/policy'

/** Seconds that a block counts as: at 36 blocks a day a champion's share begins to decay after 108 blocks and is at its floor after 648. */
const BLOCK_SECONDS = 2_400

/** The reference's rules in a hurry: nobody watches a devnet for three days to see a champion decay. */
export function devnetPolicy(): BitrecsPolicy {
  const { eps_narrow: reference } = BITRECS_PROFILES
  return {
    ...reference,
    id: 'bitrecs/3-devnet',
    decay: { ...reference.decay, blockSeconds: BLOCK_SECONDS },
  }
}
