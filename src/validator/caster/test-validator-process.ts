import { cryptoWaitReady } from '@polkadot/util-crypto'
import { ScriptSandboxes } from '../../devnet/players/caster/script-sandboxes'
import { startCasterValidator } from './start-caster-validator'
import { signerFrom } from './test-platform'

const WORK_MS = 15

/** A validator in a process of its own, for tests that kill it. Every cell that is begun is told to `toldUrl`. */
async function main(platformUrl: string, dataDir: string, toldUrl: string): Promise<void> {
  await cryptoWaitReady()
  const owner = signerFrom('//CasterOwner')
  const validator = await startCasterValidator({
    platformUrl,
    signer: signerFrom('//CasterValidator'),
    runner: new ScriptSandboxes((source) => async (_, { claimId, sessionId }) => {
      await fetch(toldUrl, {
        method: 'POST',
        body: JSON.stringify({ cell: `${source.trim()}/${claimId}`, sessionId }),
      })
      await new Promise((resolve) => setTimeout(resolve, WORK_MS))
      return { verdict: 1, justification: `because of ${claimId} ${'x'.repeat(2_000)}` }
    }),
    image: 'none',
    tools: {},
    grader: { model: 'test/grader', judge: async () => ({ isSupported: true, rationale: '' }) },
    ownership: async (account) => (account === owner.account ? 'owner' : 'foreign'),
    dataDir,
    parallelScripts: 3,
    sandboxTimes: { startDelayMs: 0 },
  })
  process.stdout.write(`${validator.url}\n`)
}

void main(process.argv[2]!, process.argv[3]!, process.argv[4]!)
