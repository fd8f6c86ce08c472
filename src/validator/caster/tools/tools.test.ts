import { afterEach, describe, expect, it } from 'vitest'
import type { ScriptBehaviour } from '../../../devnet/players/caster/script-sandboxes'
import { testBatch, testClaim } from '../test-platform'
import { TestBench, testSearch } from '../test-validator'
import { type Tool, ToolFailed, type Tools } from './tool'

const SCRIPT = '# script\n'

/** A tool that counts its calls: each was paid for by the operator. */
function counted(tool: Tool): Tool & { calls: number } {
  const own = Object.assign(
    (call: Parameters<Tool>[0]) => {
      own.calls++
      return tool(call)
    },
    { calls: 0 },
  )
  return own
}

const model =
  (completion: number): Tool =>
  async () => ({
    response: { choices: [] },
    usage: { model: 'openai/gpt-oss-120b', input: 3_000, output: completion, reasoning: 400 },
  })

describe('tools of a script', () => {
  let bench: TestBench
  afterEach(() => bench?.close())

  /** Runs the script on one claim (or several). @returns the reported cells */
  async function run(behaviour: ScriptBehaviour, over: object = {}, claims = [testClaim(1)]) {
    bench = await TestBench.start(over)
    bench.behaviours.set(SCRIPT, async (request, call) => {
      const answer = await behaviour(request, call)
      return answer ?? { verdict: 1, justification: 'because' }
    })
    return (await bench.run(testBatch(1, [SCRIPT], claims), [SCRIPT])).miner_task_results
  }

  it('fit a budget exactly: the twentieth search costs the last of 0.05 USD, the next one is not made', async () => {
    const search = counted(testSearch.search_web!)
    const statuses: number[] = []
    let last: unknown
    const [cell] = await run(
      async (_, { tool }) => {
        for (let n = 1; n <= 21; n++) {
          const { status, body } = await tool('search_web', { query: `q${n}` })
          statuses.push(status)
          last = body
        }
      },
      { tools: { search_web: search } },
    )
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 402])
    expect(last).toEqual({
      detail: 'budget_exceeded',
      message: expect.any(String),
      facts: {
        budget: {
          session_budget_usd: 0.05,
          session_used_budget_usd: 0.05,
          session_remaining_budget_usd: 0,
        },
      },
    })
    expect(search.calls).toBe(20)
    expect(cell!.session).toMatchObject({ budget_micro_usd: '50000', used_micro_usd: '50000' })
    const sum = cell!.receipts.reduce((total, { metadata }) => total + BigInt(metadata.cost_micro_usd), 0n)
    expect([cell!.receipts.length, sum]).toEqual([20, 50_000n])
  })

  it('whose price is known only afterwards are charged strictly: what does not fit charges nothing and leaves no receipt', async () => {
    const chat = counted(model(3_500))
    const bodies: { detail?: string }[] = []
    const [cell] = await run(
      async (_, { tool }) => {
        // 0.00375 + 0.039 USD, twice, is more than 0.05.
        for (let n = 0; n < 5; n++) bodies.push((await tool('llm_chat', { model: 'x' })).body)
        bodies.push((await tool('test_tool', { message: 'free' })).body)
      },
      { tools: { llm_chat: chat } },
    )
    expect(bodies.map(({ detail }) => detail ?? 'ok')).toEqual([
      'ok',
      'budget_exceeded',
      'budget_exceeded',
      'budget_exceeded',
      'budget_exceeded',
      'ok',
    ])
    // After two calls that were paid for and refused, no further one is made.
    expect(chat.calls).toBe(3)
    expect(cell!.session!.used_micro_usd).toBe('42750')
    expect(
      cell!.receipts.map(({ tool, metadata }) => [tool, metadata.cost_micro_usd, metadata.result_policy]),
    ).toEqual([
      ['llm_chat', '42750', 'log_only'],
      ['test_tool', '0', 'log_only'],
    ])
  })

  it('cost what an AI search finds, result by result', async () => {
    const tools: Tools = {
      search_ai: async ({ arguments: { count } }) => ({
        response: {
          data: Array.from({ length: Number(count) }, (_, n) => ({ url: `https://e.org/${n}`, note: 'n' })),
        },
      }),
    }
    const [cell] = await run(
      async (_, { tool }) => {
        await tool('search_ai', { count: 5 })
        await tool('search_ai', { count: 8 })
      },
      { tools },
    )
    expect(cell!.receipts.map(({ metadata }) => metadata.cost_micro_usd)).toEqual(['20000'])
  })

  it('tell names and prices', async () => {
    let told: { tool_names: string[]; pricing: Record<string, object> } | undefined
    await run(async (_, { tool }) => {
      told = (await tool('tooling_info')).body.response
    })
    expect(told!.tool_names).toEqual(['search_web', 'test_tool', 'tooling_info'])
    expect(told!.pricing).toMatchObject({
      search_web: { kind: 'flat_per_call', usd_per_call: 0.0025 },
      test_tool: { kind: 'free' },
    })
  })

  it.each<[string, string, object, object, [number, string]]>([
    ['a tool that is not there', 'rm', {}, {}, [404, 'unknown_tool']],
    ['a tool of every object', 'constructor', {}, {}, [404, 'unknown_tool']],
    ['a wrong token', 'search_web', {}, { token: 'x' }, [401, 'invalid_token']],
    ['an unknown session', 'search_web', {}, { session_id: 'y' }, [401, 'invalid_token']],
    ['an unknown field', 'search_web', {}, { cost_usd: 0 }, [422, 'request_invalid']],
    ['a list for keywords', 'search_web', {}, { args: [[1]] }, [422, 'invalid_arguments']],
  ])('are refused to %s, and nothing is charged', async (_, name, kwargs, over, expected) => {
    let seen: unknown
    const [cell] = await run(async (_request, { tool }) => {
      const { status, body } = await tool(name, kwargs, over)
      seen = [status, body.detail]
    })
    expect(seen).toEqual(expected)
    expect(cell!.receipts).toEqual([])
    expect(cell!.session!.used_micro_usd).toBe('0')
  })

  it('take numbers that no float holds for no arguments', async () => {
    let seen: unknown
    await run(async (_, { sessionId: session_id, token }) => {
      const text = JSON.stringify({ session_id, token, tool: 'search_web', kwargs: { query: 0 } })
      const response = await fetch(`${bench.url}/v1/tools/execute`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: text.replace('"query":0', '"query":1e999'),
      })
      seen = [response.status, ((await response.json()) as { detail: string }).detail]
    })
    expect(seen).toEqual([422, 'invalid_arguments'])
  })

  it('are called one at a time', async () => {
    let seen: number[] = []
    const slow: Tool = async (call) => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return testSearch.search_web!(call)
    }
    const [cell] = await run(
      async (_, { tool }) => {
        const calls = [1, 2, 3].map((n) => tool('search_web', { query: `q${n}` }))
        seen = (await Promise.all(calls)).map(({ status }) => status).sort()
      },
      { tools: { search_web: slow } },
    )
    expect(seen).toEqual([200, 429, 429])
    expect(cell!.receipts).toHaveLength(1)
  })

  it('are called so often and no oftener, also where they are free', async () => {
    const seen: number[] = []
    const [cell] = await run(
      async (_, { tool }) => {
        for (let n = 0; n < 202; n++) seen.push((await tool('test_tool', { message: 'x' })).status)
      },
      { sandboxTimes: { startDelayMs: 0, clientTimeoutMs: 20_000 } },
    )
    expect([seen.filter((status) => status === 200).length, seen.at(-1)]).toEqual([200, 429])
    expect(cell!.receipts).toHaveLength(200)
  })

  it('end with their session', async () => {
    const statuses: unknown[] = []
    await run(
      async (_, { tool }) => {
        await new Promise((resolve) => setTimeout(resolve, 60))
        const { status, body } = await tool('search_web', { query: 'late' })
        statuses.push([status, body.detail])
      },
      { sessionLifeMs: 50 },
    )
    expect(statuses).toEqual([[403, 'session_expired']])
  })

  it('that are still under way when the answer comes charge nothing', async () => {
    let late: Promise<{ status: number; body: { detail: string } }> | undefined
    let isAborted = false
    const slow: Tool = (call) =>
      new Promise((_, reject) =>
        call.signal.addEventListener('abort', () => {
          isAborted = true
          reject(call.signal.reason)
        }),
      )
    const [cell] = await run(
      async (_, { tool }) => {
        late = tool('search_web', { query: 'q' })
        await new Promise((resolve) => setTimeout(resolve, 30))
      },
      { tools: { search_web: slow } },
    )
    expect(isAborted).toBe(true)
    expect((await late!).status).toBe(502)
    expect(cell!.receipts).toEqual([])
    expect(cell!.session!.used_micro_usd).toBe('0')
  })

  it.each<[string, Tool, [number, string]]>([
    ['fails', () => Promise.reject(new Error('secret key abc')), [502, 'provider_error']],
    [
      'refuses the arguments',
      () => Promise.reject(new ToolFailed('invalid_arguments', 'no query')),
      [422, 'invalid_arguments'],
    ],
    ['hangs', ({ signal }) => new Promise((_, no) => signal.addEventListener('abort', no)), [504, 'timeout']],
  ])('charge nothing when a provider %s', async (_, tool, expected) => {
    let seen: unknown
    let text = ''
    const [cell] = await run(
      async (_request, call) => {
        const { status, body } = await call.tool('search_web', { query: 'q' })
        seen = [status, body.detail]
        text = JSON.stringify(body)
      },
      { tools: { search_web: tool }, toolTimeoutMs: 100 },
    )
    expect(seen).toEqual(expected)
    expect(text).not.toContain('secret')
    expect([cell!.receipts, cell!.session!.used_micro_usd]).toEqual([[], '0'])
  })

  it('give citations for their own session alone; bad pairs are dropped and cost nothing', async () => {
    let foreign: { receipt_id: string; result_id: string } | undefined
    const cells = await run(
      async (_, { claimId, tool }) => {
        const { body } = await tool('search_web', { query: claimId })
        const own = { receipt_id: body.receipt_id, result_id: body.results[0].result_id }
        const chat = (await tool('test_tool', { message: 'x' })).body
        const citations = [
          own,
          ...(foreign ? [foreign] : []),
          { receipt_id: own.receipt_id, result_id: 'nothing' },
          { receipt_id: chat.receipt_id, result_id: 'nothing' },
          { receipt_id: 'nothing', result_id: own.result_id },
          { receipt_id: own.receipt_id, result_hash: own.result_id },
        ]
        foreign = own
        return { verdict: 1, justification: 'because', citations }
      },
      {},
      [testClaim(1), testClaim(2)],
    )
    for (const { citations, score, claim_id } of cells) {
      expect(citations.map(({ url }) => url)).toEqual([
        `https://e.org/${claim_id}/1`,
        `https://e.org/${claim_id}/1`,
      ])
      expect(score.total).toBe(1)
    }
    expect(cells[1]!.response!.citations).toHaveLength(6)
  })

  it('take session and token from headers too', async () => {
    let status = 0
    await run(async (_, { sessionId, token }) => {
      const response = await fetch(`${bench.url}/v1/tools/execute`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-caster-session-id': sessionId,
          'x-caster-token': token,
        },
        body: JSON.stringify({ tool: 'search_web', args: [{ query: 'a' }] }),
      })
      status = response.status
      expect(token).toMatch(/^[A-Za-z0-9_-]{22}$/)
    })
    expect(status).toBe(200)
  })
})
