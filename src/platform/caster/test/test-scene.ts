import { casterMiners, casterValidators } from '../../../devnet/players/caster/actors'
import { CasterClient } from '../../../devnet/players/caster/client'
import type { Hex } from '../../../log/envelope'
import { accountOf, signaturesReady } from '../../core/signatures'
import type { CasterRules } from '../rules'
import { testDataset } from './test-dataset'
import { TestPlatform, type TestPlatformOptions, TOKEN } from './test-platform'
import { type Behaviour, TestValidator } from './test-validator'

export const account = (address: string): Hex => accountOf(address)!

/** A platform with the devnet's miners and validators in its metagraph: miners from uid 10, validators with permits from uid 1. */
export class TestScene {
  readonly miners = casterMiners()
  readonly judges = casterValidators()
  readonly doubles: TestValidator[] = []
  client!: CasterClient

  private constructor(
    readonly platform: TestPlatform,
    private readonly rules: CasterRules,
  ) {
    for (const [n, { address }] of this.miners.entries()) platform.facts.uids.set(account(address), 10 + n)
    for (const [n, { address }] of this.judges.entries()) platform.facts.uids.set(account(address), 1 + n)
    for (const { address } of this.judges) platform.facts.permits!.add(account(address))
    this.connect()
  }

  static async start(options: TestPlatformOptions): Promise<TestScene> {
    await signaturesReady()
    return new TestScene(await TestPlatform.start(options), options.rules)
  }

  connect(isStrict = false): void {
    this.client = new CasterClient(this.platform.url, () => this.platform.nowMs, isStrict)
  }

  async restart(): Promise<void> {
    await this.platform.restart()
    this.connect()
  }

  async close(): Promise<void> {
    await this.platform.close()
    for (const double of this.doubles) await double.close()
  }

  /** A validator double that is registered and on the allowlist. */
  async join(n: number, behaviour: Partial<Behaviour> = {}): Promise<TestValidator> {
    const double = await TestValidator.start(this.judges[n]!, this.rules, behaviour)
    this.doubles.push(double)
    await this.ok(this.client.register(double.signer, double.url))
    await this.ok(this.client.admin('POST', '/v1/allowlist', TOKEN, { hotkey: double.signer.address }))
    return double
  }

  /** @returns the artifact's id */
  async submit(n: number, script: string): Promise<string> {
    this.platform.nowMs += 1_000
    return (await this.ok(this.client.submit(this.miners[n]!, script))).artifact_id
  }

  /** A data set and a batch of it. @returns the batch's id */
  async batch(claims = 2, over: Record<string, unknown> = {}): Promise<string> {
    const sitting = this.platform.state.roster?.[0]
    const dataset = testDataset(claims, sitting ? -1 : undefined)
    const built = await this.ok(this.client.admin('POST', '/v1/datasets', TOKEN, dataset))
    const body = { dataset_id: built.dataset_id, ...over }
    return (await this.ok(this.client.admin('POST', '/v1/miner-task-batches/batch', TOKEN, body))).batch_id
  }

  statusOf(batchId: string): string | undefined {
    return this.platform.state.batches.get(batchId)?.status
  }

  async decided(batchId: string): Promise<void> {
    await this.platform.until(() => this.statusOf(batchId) === 'decided', `${batchId} is decided`)
  }

  /** The body of an answer that has to be 200. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the platform says
  async ok(answer: Promise<{ readonly status: number; readonly body: any }>): Promise<any> {
    const { status, body } = await answer
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`)
    return body
  }
}
