import { type Devnet, type DevnetOptions, type Signer, signExtrinsic, signerOf, startDevnet } from '..'
import type { Block } from '../node/block'
import { blockEvents, errorName, type Outcome, outcomeOf } from '../node/block-events'
import { data } from '../scenario/calls'
import type { DispatchErrorValue, RuntimeCall } from './dispatch'
import { devnetPallets } from './index'
import type { GenesisSubnet, SubnetLimits } from './subtensor'

export type TestEvent = Outcome['events'][number]

export interface TestBlock {
  readonly height: number
  readonly initialization: readonly TestEvent[]
  readonly finalization: readonly TestEvent[]
  /** Of the signed extrinsics, in their order. */
  readonly outcomes: readonly Outcome[]
}

export const owner = { coldkey: signerOf('test owner coldkey'), hotkey: signerOf('test owner hotkey') }
export const root = signerOf('test root')
export const person = (name: string) => ({
  coldkey: signerOf(`test ${name} coldkey`),
  hotkey: signerOf(`test ${name} hotkey`),
})
export type Person = ReturnType<typeof person>

/** A subnet that stands at block 0, with the owner at uid 0. */
export const NETUID = 5
const BALANCE_RAO = 10_000n * 10n ** 9n
const SEED = 7
const VALIDATOR_STAKE_RAO = 100n * 10n ** 9n

export interface TestChainOptions {
  readonly specVersion?: number
  readonly upgrades?: DevnetOptions['upgrades']
  readonly people?: readonly Person[]
  readonly subnets?: readonly GenesisSubnet[]
  readonly limits?: Partial<SubnetLimits>
}

/** A running devnet without a script; transactions are signed and go through its pool. */
export class TestChain {
  static readonly seed = SEED

  static async start(options: TestChainOptions = {}): Promise<TestChain> {
    const accounts = [owner, ...(options.people ?? [])].flatMap((it) => [it.coldkey, it.hotkey])
    const subnet = { netuid: NETUID, coldkey: owner.coldkey.account, hotkey: owner.hotkey.account }
    const devnet = await startDevnet({
      seed: SEED,
      specVersion: options.specVersion ?? 424,
      upgrades: options.upgrades ?? [],
      sudoKey: root.account,
      balances: Object.fromEntries([...accounts, root].map(({ account }) => [account, BALANCE_RAO])),
      pallets: devnetPallets(SEED, options.subnets ?? [subnet], options.limits),
    })
    return new TestChain(devnet)
  }

  private constructor(readonly devnet: Devnet) {}

  get height(): number {
    return this.devnet.node.chain.head.height
  }

  /** One block with these transactions. */
  async block(...transactions: readonly (readonly [Signer, RuntimeCall])[]): Promise<TestBlock> {
    const { node } = this.devnet
    for (const [signer, call] of transactions) {
      const nonce = node.pool.nextNonce(signer.account, node.nonceOf(signer.account))
      this.devnet.submit(signExtrinsic(node.spec, signer, call, nonce, node.chain.genesis.hash))
    }
    return readBlock(await this.devnet.produceBlocks(1), transactions.length)
  }

  /** One transaction in a block of its own. */
  async send(signer: Signer, call: RuntimeCall): Promise<Outcome> {
    return (await this.block([signer, call])).outcomes[0]!
  }

  /** The events of a transaction that must succeed. */
  async must(signer: Signer, call: RuntimeCall): Promise<readonly TestEvent[]> {
    const { error, events } = await this.send(signer, call)
    if (error) throw new Error(`${call.__kind}.${call.value.__kind}: ${error}`)
    return events
  }

  /** As root; what the inner call says about itself. */
  async sudo(call: RuntimeCall): Promise<readonly TestEvent[]> {
    const events = await this.must(root, { __kind: 'Sudo', value: { __kind: 'sudo', call } })
    const { args } = events.find((it) => it.name === 'Sudo.Sudid')!
    const result = args.sudoResult as { __kind: string; value: DispatchErrorValue }
    if (result.__kind === 'Err') throw new Error(`sudo: ${errorName(this.devnet.node.spec, result.value)}`)
    return events.filter((it) => it.name !== 'Sudo.Sudid')
  }

  /** Weights are committed first by default; from now on they are set directly. */
  async openWeights(netuid = NETUID): Promise<void> {
    await this.sudo(of('AdminUtils', 'sudo_set_commit_reveal_weights_enabled', { netuid, enabled: false }))
  }

  /** Registers who is not yet, stakes on all, and waits for the epoch that gives them permits (which 233 brought). */
  async makeValidators(...people: readonly Person[]): Promise<void> {
    for (const { hotkey, coldkey } of people) {
      if (this.get('SubtensorModule.Uids', NETUID, hotkey.account) === undefined) {
        await this.must(coldkey, register(hotkey))
      }
      if (this.hasStake) await this.must(coldkey, stake(hotkey, VALIDATOR_STAKE_RAO))
    }
    const isPermitted = () =>
      people.every(({ hotkey }) => {
        const uid = this.get<number>('SubtensorModule.Uids', NETUID, hotkey.account)
        return this.get<boolean[]>('SubtensorModule.ValidatorPermit', NETUID)[uid]
      })
    while (this.hasStake && !isPermitted()) await this.advance(1)
  }

  get hasStake(): boolean {
    return this.devnet.node.storage.knows('SubtensorModule.TotalHotkeyAlpha')
  }

  async advance(blocks: number): Promise<void> {
    await this.devnet.produceBlocks(blocks)
  }

  /** Empty blocks up to the one before `height`, so that the next block is that one. */
  async before(height: number): Promise<void> {
    if (height - 1 > this.height) await this.advance(height - 1 - this.height)
  }

  // biome-ignore lint/suspicious/noExplicitAny: the value depends on the item
  get<T = any>(item: string, ...keys: unknown[]): T {
    return this.devnet.node.storage.get<T>(item, ...keys)
  }

  freeOf(account: string): bigint {
    return this.get('System.Account', account).data.free
  }

  nameOf(error: DispatchErrorValue): string {
    return errorName(this.devnet.node.spec, error)
  }

  close(): Promise<void> {
    return this.devnet.close()
  }
}

function readBlock(block: Block, signed: number): TestBlock {
  const all = blockEvents(block)
  const outcomes = Array.from({ length: signed }, (_, i) =>
    outcomeOf(all, block.extrinsics.length - signed + i, block.specVersion),
  )
  const inPhase = (kind: string) =>
    all.filter(({ phase }) => phase.__kind === kind).map(({ name, args }) => ({ name, args }))
  return {
    height: block.height,
    initialization: inPhase('Initialization'),
    finalization: inPhase('Finalization'),
    outcomes,
  }
}

const of = (pallet: string, name: string, args: Readonly<Record<string, unknown>>): RuntimeCall =>
  ({ __kind: pallet, value: { __kind: name, ...args } }) as RuntimeCall

export const register = (hotkey: Signer, netuid = NETUID) =>
  of('SubtensorModule', 'burned_register', { netuid, hotkey: hotkey.account })

export const stake = (hotkey: Signer, amountStaked: bigint, netuid = NETUID) =>
  of('SubtensorModule', 'add_stake', { hotkey: hotkey.account, netuid, amountStaked })

export const setWeights = (weights: readonly (readonly [uid: number, value: number])[], netuid = NETUID) =>
  of('SubtensorModule', 'set_weights', {
    netuid,
    dests: weights.map(([uid]) => uid),
    weights: weights.map(([, value]) => value),
    versionKey: 0n,
  })

export const commitText = (text: string, netuid = NETUID) =>
  of('Commitments', 'set_commitment', { netuid, info: { fields: [data(text)] } })
