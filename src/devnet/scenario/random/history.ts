import type { AuthorContext, Scenario } from '../../node/author'
import { startDevnet } from '../../node/devnet'
import type { Devnet, DevnetOptions } from '../../node/devnet-options'
import { devnetPallets } from '../../pallets'
import type { RuntimeCall } from '../../pallets/dispatch'
import { adminUtils, sudo } from '../calls'
import { Locksmith } from '../locksmith'
import { commitSomething } from './contents'
import { Dice } from './dice'
import {
  addMechanism,
  changeParameter,
  dissolveSubnet,
  registerSomebody,
  registerSubnet,
  stakeOnSomebody,
  swapSomebody,
  swapSomeColdkey,
  trimSubnet,
} from './neurons'
import { commitTimelocked, Secrets, setManyWeights, setWeights } from './vectors'
import { type Act, people, randomBalances, randomRoot, World } from './world'
import { grants, registerByKeyless, wrapped } from './wrap'

/** Subnets at block 0: weights open, by hash, timelocked. */
const NETUIDS = [3, 7, 11] as const
/** One more may be registered; the next takes another's place. */
const SUBNET_LIMIT = 4
const NETWORK_IMMUNITY_BLOCKS = 40n
const MAX_ACTS_PER_BLOCK = 4
/** Blocks of growth before anything is taken away. */
const QUIET_BLOCKS = 25

type Action = (world: World) => Act | undefined

function actions(secrets: Secrets, height: number): readonly (readonly [weight: number, action: Action])[] {
  const rough = height > QUIET_BLOCKS ? 1 : 0
  return [
    [rough ? 6 : 20, registerSomebody],
    [1, registerByKeyless],
    [4, stakeOnSomebody],
    [10, commitSomething],
    [10, setWeights],
    [2, setManyWeights],
    [5, secrets.commit],
    [1, secrets.commitMany],
    [5, secrets.reveal],
    [4, commitTimelocked],
    [2 * rough, swapSomebody],
    [0.3 * rough, swapSomeColdkey],
    [0.5 * rough, registerSubnet],
    [0.15 * rough, dissolveSubnet],
    [1, changeParameter],
    [0.3, addMechanism],
    [0.6 * rough, trimSubnet],
  ]
}

/** Block 1: small subnets that are full soon, short tempos, no immunity for long. */
function parameters(netuid: number): Act[] {
  const set = (name: string, args: Readonly<Record<string, unknown>>): Act => ({
    signer: randomRoot,
    call: sudo(adminUtils(name, { netuid, ...args })),
  })
  return [
    set('sudo_set_tempo', { tempo: 9 }),
    set('sudo_set_immunity_period', { immunityPeriod: 12 }),
    set('sudo_set_max_allowed_uids', { maxAllowedUids: 8 }),
    set('sudo_set_weights_set_rate_limit', { weightsSetRateLimit: 2n }),
    set('sudo_set_commit_reveal_weights_enabled', { enabled: netuid !== NETUIDS[0] }),
  ]
}

/**
 * Everything at random, from the seed: registrations and replacements, swaps, trims, subnets given up and used again,
 * commitments of every kind, weights of every way, mechanisms, batches, wrappers, and much that fails.
 */
export function randomScenario(seed: number): Scenario {
  const dice = new Dice(seed)
  const locksmith = new Locksmith(seed)
  const secrets = new Secrets()
  return {
    name: `random ${seed}`,
    balances: randomBalances(),
    sudoKey: randomRoot.account,
    beforeBlock(context) {
      const world = new World(context, dice, locksmith)
      const send = ({ signer, call }: Act) => isKnown(context, call) && context.send(signer, call)
      if (context.height === 1) for (const act of [...NETUIDS.flatMap(parameters), ...grants]) send(act)
      const count = dice.int(0, MAX_ACTS_PER_BLOCK)
      for (let i = 0; i < count; i++) {
        const act = dice.weighted(actions(secrets, context.height))(world)
        if (act) send(wrapped(act, world))
      }
    },
  }
}

/** Older runtimes lack some of the calls, and nobody can send what they lack. */
function isKnown(context: AuthorContext, call: RuntimeCall): boolean {
  try {
    context.encodeCall(call)
    return true
  } catch {
    return false
  }
}

export interface RandomChainOptions extends Pick<DevnetOptions, 'specVersion' | 'upgrades'> {
  readonly seed: number
}

/** A devnet that lives by chance; it makes blocks on demand. */
export function startRandomChain(options: RandomChainOptions): Promise<Devnet> {
  const { seed, specVersion = 365, upgrades = [] } = options
  const subnets = NETUIDS.map((netuid, n) => ({
    netuid,
    coldkey: people[n]!.coldkey.account,
    hotkey: people[n]!.hotkeys[0]!.account,
  }))
  return startDevnet({
    seed,
    specVersion,
    upgrades,
    pallets: devnetPallets(seed, subnets, {
      subnetLimit: SUBNET_LIMIT,
      networkImmunityBlocks: NETWORK_IMMUNITY_BLOCKS,
    }),
    scenario: randomScenario(seed),
  })
}
