import { afterEach, describe, expect, it } from 'vitest'
import type { Json } from '../../../mechanisms/canonical-json'
import { startTestHost, type TestHost } from '../test-http-host'
import { desearchTools } from './desearch'
import { llmTools } from './llm-chat'
import type { ToolArguments, Tools } from './tool'
import { resultsOf } from './tool-results'

let host: TestHost | undefined
afterEach(() => host?.close())

const call = (tools: Tools, tool: string, given: ToolArguments, remainingMicroUsd = 50_000n) =>
  tools[tool]!({ tool, arguments: given, remainingMicroUsd, signal: AbortSignal.timeout(5_000) })

const shown = (tool: string, response: Json) =>
  resultsOf(tool, response).map(({ index, url, note, title }) => [index, url, note, title])

describe('search by DeSearch', () => {
  const open = async (answer: Parameters<typeof startTestHost>[0]) => {
    host = await startTestHost(answer)
    return desearchTools({ baseUrl: host.url, apiKey: 'key-1' })
  }

  it('of the web asks /web with the key, and results are link, snippet and title', async () => {
    const data = [
      { link: 'https://e.org/1', snippet: 'one', title: 'T' },
      { snippet: 'without an address' },
      { link: 'https://e.org/2', snippet: 'a\u0000b\ud800', title: '' },
    ]
    const tools = await open(() => ({ body: { data } }))
    const { response } = await call(tools, 'search_web', { query: 'bittensor & 67', num: 5, start: null })
    expect(host!.seen[0]).toMatchObject({
      method: 'GET',
      url: '/web?query=bittensor+%26+67&num=5',
      headers: { authorization: 'key-1' },
    })
    expect(response).toEqual({ data })
    expect(shown('search_web', response)).toEqual([
      [0, 'https://e.org/1', 'one', 'T'],
      [1, 'https://e.org/2', 'ab\ufffd', null],
    ])
  })

  it('of posts asks /twitter; a bare list is an answer too', async () => {
    const tools = await open(() => ({ body: [{ url: 'https://x.com/1', text: 'hello', id: '1' }] }))
    const { response } = await call(tools, 'search_x', { query: '#caster', count: 3, verified: true })
    expect(host!.seen[0]!.url).toBe('/twitter?query=%23caster&count=3&verified=true')
    expect(shown('search_x', response)).toEqual([[0, 'https://x.com/1', 'hello', null]])
  })

  it('by AI posts the prompt; every address of all lists counts once', async () => {
    const tools = await open(() => ({
      body: {
        search: [{ link: 'https://e.org/1', snippet: 's', title: 'T' }],
        arxiv_search: [
          { link: 'https://e.org/1', snippet: 'again' },
          { link: 'https://arxiv.org/2', title: 'A' },
        ],
        tweets: [{ url: 'https://x.com/1', text: 'post' }, { text: 'without an address' }],
        completion: 'text',
      },
    }))
    const { response } = await call(tools, 'search_ai', {
      prompt: 'who?',
      tools: ['web', 'arxiv'],
      count: 20,
    })
    expect(host!.seen[0]).toMatchObject({
      method: 'POST',
      url: '/desearch/ai/search',
      body: {
        prompt: 'who?',
        tools: ['web', 'arxiv'],
        count: 20,
        result_type: 'LINKS_WITH_FINAL_SUMMARY',
        system_message: '',
        streaming: false,
      },
    })
    expect(shown('search_ai', response)).toEqual([
      [0, 'https://e.org/1', 's', 'T'],
      [1, 'https://arxiv.org/2', null, 'A'],
      [2, 'https://x.com/1', 'post', null],
    ])
  })

  it.each<[string, string, ToolArguments]>([
    ['no query', 'search_web', { num: 3 }],
    ['a query of spaces', 'search_x', { query: ' ' }],
    ['a parameter that is none', 'search_web', { query: 'a', key: 'b' }],
    ['a parameter of every object', 'search_web', { query: 'a', toString: 'b' }],
    ['a number that is none', 'search_web', { query: 'a', num: '5' }],
    ['no sources', 'search_ai', { prompt: 'a' }],
  ])('is not asked with %s', async (_, tool, given) => {
    const tools = await open(() => ({ body: {} }))
    await expect(call(tools, tool, given)).rejects.toMatchObject({ code: 'invalid_arguments' })
    expect(host!.seen).toEqual([])
  })

  it.each([
    ['a status of failure', { status: 402, body: { detail: 'balance of key-1' } }],
    ['no JSON', { body: '<html>' }],
    ['no results', { body: { message: 'ok' } }],
    ['an endless answer', { body: `"${'x'.repeat(4_300_000)}"` }],
  ])('is a provider error with %s, and the key is not told', async (_, answer) => {
    const tools = await open(() => answer)
    const failure = await call(tools, 'search_web', { query: 'a' }).catch((error: Error) => error)
    expect(failure).toMatchObject({ code: 'provider_error', message: expect.not.stringContaining('key-1') })
  })
})

describe('a language model for scripts', () => {
  const completion = (usage: unknown) => ({
    body: { id: 'c', choices: [{ message: { role: 'assistant', content: 'hi' } }], ...(usage as object) },
  })
  const open = async (answer: Parameters<typeof startTestHost>[0]) => {
    host = await startTestHost(answer)
    return llmTools({ baseUrl: host.url, apiKey: 'key-2' })
  }
  const messages = [{ role: 'user', content: 'hi' }]
  const small = 'openai/gpt-oss-20b'

  it('is asked as every OpenAI-compatible host is, and reasoning is counted once', async () => {
    const usage = {
      prompt_tokens: 3_000,
      completion_tokens: 900,
      completion_tokens_details: { reasoning_tokens: 400 },
    }
    const tools = await open(() => completion({ usage }))
    const answer = await call(tools, 'llm_chat', {
      model: small,
      messages,
      temperature: 0,
      max_output_tokens: 700,
    })
    expect(answer.usage).toEqual({ model: small, input: 3_000, output: 500, reasoning: 400 })
    expect(host!.seen[0]).toMatchObject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { authorization: 'Bearer key-2' },
      body: { model: small, messages, temperature: 0, max_tokens: 700, stream: false },
    })
  })

  it('may answer at most what the session can pay for', async () => {
    const tools = await open(() => completion({ usage: { prompt_tokens: 1, completion_tokens: 1 } }))
    await call(tools, 'llm_chat', { model: small, messages, max_tokens: 100_000 }, 2_000n)
    await call(tools, 'llm_chat', { model: small, messages }, 1_000_000n)
    // 2 USD a million tokens: 0.002 USD are 1000 of them.
    expect(host!.seen.map(({ body }) => body.max_tokens)).toEqual([1_000, 4_096])
  })

  it.each<[string, ToolArguments]>([
    ['another model', { model: 'openai/gpt-5', messages }],
    ['a model of every object', { model: '__proto__', messages }],
    ['no messages', { model: small, messages: [] }],
    ['a message without text', { model: small, messages: [{ role: 'user' }] }],
    ['a parameter that is none', { model: small, messages, n: 50 }],
    ['no room for an answer', { model: small, messages, max_tokens: 0 }],
  ])('is not asked with %s', async (_, given) => {
    const tools = await open(() => completion({}))
    await expect(call(tools, 'llm_chat', given)).rejects.toMatchObject({ code: 'invalid_arguments' })
    expect(host!.seen).toEqual([])
  })

  it.each([
    {},
    { usage: null },
    { usage: { prompt_tokens: 1 } },
    { usage: { prompt_tokens: -1, completion_tokens: 1 } },
  ])('is not paid by guess: usage %j is a provider error', async (usage) => {
    const tools = await open(() => completion(usage))
    await expect(call(tools, 'llm_chat', { model: small, messages })).rejects.toMatchObject({
      code: 'provider_error',
    })
  })
})
