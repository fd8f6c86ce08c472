import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { scriptOf } from '../../../../devnet/players/caster/script-sandboxes'
import type { Sandbox, SandboxRunner, SandboxSpec } from '../../../../runner/sandbox'
import { testBatch, testClaim } from '../../test-platform'
import { TestBench } from '../../test-validator'

const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.warn('python3 is not on this machine: no script is really run by these tests')

/** For tests alone: the harness as a process of this machine, which isolates nothing but the environment. */
class PythonRunner implements SandboxRunner {
  readonly running = new Set<ChildProcess>()

  async start(spec: SandboxSpec): Promise<Sandbox> {
    const child = spawn('python3', [path.join(__dirname, 'harness.py')], {
      env: {
        PATH: process.env.PATH ?? '',
        ...spec.env,
        PYTHONDONTWRITEBYTECODE: '1',
        SANDBOX_HOST: '127.0.0.1',
        SANDBOX_PORT: '0',
        CASTER_AGENT_PATH: scriptOf(spec),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.running.add(child)
    const [line] = (await once(child.stdout!, 'data')) as [Buffer]
    const port = /\d+$/.exec(line.toString().trim())![0]
    return {
      url: `http://127.0.0.1:${port}`,
      wait: async () => (await once(child, 'exit'))[0] as number,
      logs: async () => '',
      remove: async () => {
        if (!this.running.delete(child)) return
        child.kill('SIGKILL')
        await once(child, 'exit')
      },
    }
  }

  sweep = async () => 0
}

const GOOD = `
from miner_sdk import ToolError, entrypoint, search_web

@entrypoint("evaluate_criterion")
async def evaluate_criterion(request):
    print("nobody reads this")
    found = await search_web(request["claim_text"], num=2)
    first = found["results"][0]
    best = max(option["value"] for option in request["verdict_options"])
    return {
        "verdict": best,
        "justification": f"because of {first['title']} at {found['budget']['session_used_budget_usd']}",
        "citations": [{"receipt_id": found["receipt_id"], "result_id": first["result_id"]}],
    }
`

const entry = (body: string) =>
  `from miner_sdk import entrypoint\nimport asyncio, os, sys, time\n@entrypoint("evaluate_criterion")\nasync def evaluate_criterion(request):\n    ${body}\n`
const ANSWER = 'return {"verdict": 1, "justification": "because"}'

describe.skipIf(!hasPython)('a script in Python', { timeout: 60_000 }, () => {
  let bench: TestBench
  let runner: PythonRunner
  afterEach(() => bench?.close())

  async function run(scripts: readonly string[], claims = [testClaim(1)], entryTimeoutMs = 30_000) {
    runner = new PythonRunner()
    const sandboxTimes = { startDelayMs: 0, healthTimeoutMs: 20_000, clientTimeoutMs: 40_000, entryTimeoutMs }
    bench = await TestBench.start({ runner, sandboxTimes })
    const done = await bench.run(testBatch(1, scripts, claims), scripts)
    expect(runner.running.size).toBe(0)
    return done.miner_task_results
  }

  it('is asked with the request alone, searches through the gateway and cites what it found', async () => {
    const cells = await run([GOOD], [testClaim(1), testClaim(2)])
    for (const [n, cell] of cells.entries()) {
      expect(cell).toMatchObject({
        status: 'answered',
        response: { verdict: 1, justification: 'because of T1 at 0.0025' },
        citations: [{ url: `https://e.org/Claim number ${n + 1}/1`, note: 'one' }],
        score: { total: 1 },
        session: { used_micro_usd: '2500' },
      })
    }
  })

  it('as the page for validators shows it runs', async () => {
    const page = readFileSync(path.resolve(__dirname, '../../../../../docs/validators/caster.md'), 'utf8')
    const script = /```python\n([\s\S]*?)```/.exec(page)![1]!
    const [cell] = await run([script])
    expect(cell).toMatchObject({
      status: 'answered',
      response: { verdict: 1, justification: 'one' },
      citations: [{ url: 'https://e.org/Claim number 1/1', note: 'one' }],
    })
  })

  it('that does wrong costs itself the cell', async () => {
    const scripts = [
      'def broken(:\n',
      '# registers nothing\n',
      entry('raise SystemExit(0)'),
      entry('os._exit(3)'),
      entry('return {"verdict": 1, "justification": "x" * 3_000_000}'),
      entry('return {"verdict": float("nan"), "justification": "x"}'),
      entry(`sys.stdout.write("x" * 50_000_000); ${ANSWER}`),
      entry(ANSWER),
    ]
    const cells = await run(scripts)
    expect(cells.map(({ error_code }) => error_code)).toEqual([
      'sandbox_invocation_failed',
      'sandbox_invocation_failed',
      'sandbox_invocation_failed',
      'sandbox_invocation_failed',
      'sandbox_invocation_failed',
      'sandbox_invocation_failed',
      null,
      null,
    ])
  })

  it('that never ends is ended', async () => {
    const [cell] = await run([entry('while True: pass')], [testClaim(1)], 300)
    expect(cell!.error_code).toBe('timeout')
  })

  it('leaves nothing of one claim for the next one', async () => {
    const script = `seen = []\n${entry(`seen.append(1); return {"verdict": 1, "justification": f"because {len(seen)}"}`)}`
    const cells = await run([script], [testClaim(1), testClaim(2)])
    expect(cells.map(({ response }) => response!.justification)).toEqual(['because 1', 'because 1'])
  })
})
