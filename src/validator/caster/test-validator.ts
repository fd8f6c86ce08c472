import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type ScriptBehaviour, ScriptSandboxes } from '../../devnet/players/caster/script-sandboxes'
import type { Grader, GraderQuestion } from './grading/grader'
import type { CasterValidator, CasterValidatorOptions } from './start-caster-validator'
import { startCasterValidator } from './start-caster-validator'
import { signerFrom, TestPlatform } from './test-platform'
import type { Tools } from './tools/tool'

/** A grader that finds support where the justification says so. */
export class TestGrader implements Grader {
  readonly model = 'test/grader'
  readonly asked: GraderQuestion[] = []

  async judge(question: GraderQuestion) {
    this.asked.push(question)
    return { isSupported: question.minerJustification.includes('because'), rationale: 'it was looked for' }
  }
}

/** A search that finds two pages for every query, at once. */
export const testSearch: Tools = {
  search_web: async ({ arguments: { query } }) => ({
    response: {
      data: [
        { link: `https://e.org/${String(query)}/1`, snippet: 'one', title: 'T1' },
        { link: `https://e.org/${String(query)}/2`, snippet: 'two', title: 'T2' },
      ],
    },
  }),
}

/** A validator with doubles around it: platform over HTTP, scripts of this process, no chain. */
export class TestBench {
  readonly grader = new TestGrader()
  readonly faults: string[] = []
  readonly behaviours = new Map<string, ScriptBehaviour>()
  readonly sandboxes = new ScriptSandboxes((source) => {
    const behaviour = this.behaviours.get(source)
    if (!behaviour) throw new Error(`no such script: ${source}`)
    return behaviour
  })
  validator!: CasterValidator
  readonly dataDir = mkdtempSync(path.join(os.tmpdir(), 'subledger-caster-'))

  private constructor(readonly platform: TestPlatform) {}

  static async start(over: Partial<CasterValidatorOptions> = {}): Promise<TestBench> {
    const bench = new TestBench(await TestPlatform.start(OWNER, VALIDATOR.address))
    await bench.startValidator(over)
    return bench
  }

  async startValidator(over: Partial<CasterValidatorOptions> = {}): Promise<void> {
    this.validator = await startCasterValidator({
      platformUrl: this.platform.url,
      signer: VALIDATOR,
      runner: this.sandboxes,
      image: 'caster/sandbox:test',
      tools: testSearch,
      grader: this.grader,
      ownership: async (account) =>
        account === OWNER.account ? 'owner' : account === STRANGER.account ? 'foreign' : 'unknown',
      dataDir: this.dataDir,
      sandboxTimes: { startDelayMs: 0, healthTimeoutMs: 10_000, clientTimeoutMs: 30_000 },
      fetchPauseMs: 5,
      onFault: (text) => this.faults.push(text),
      ...over,
    })
  }

  get url(): string {
    return this.validator.url
  }

  /** Sends a batch of these scripts and waits for its end. */
  async run(spec: Parameters<TestPlatform['serve']>[0], scripts: readonly string[]) {
    this.platform.serve(spec, scripts)
    const response = await this.platform.send(this.url, spec)
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
    return this.platform.finished(this.url, spec.batch_id)
  }

  async close(): Promise<void> {
    await this.validator.close()
    await this.platform.close()
    rmSync(this.dataDir, { recursive: true, force: true })
  }
}

export const OWNER = signerFrom('//CasterOwner')
export const VALIDATOR = signerFrom('//CasterValidator')
export const STRANGER = signerFrom('//Stranger')
export const NOBODY = signerFrom('//Nobody')
