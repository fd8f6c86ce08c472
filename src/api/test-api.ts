import type { Client } from 'pg'
import { connect } from '../database/connect'
import { createTestDatabase, type TestDatabase } from '../database/test-database'
import { append } from '../log/append'
import type { EventDraft } from '../log/envelope'
import { type Api, type ApiOptions, startApi } from './start-api'

export interface TestApi {
  readonly api: Api
  readonly database: TestDatabase
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>
  /** Appends events as the indexer does: log, status row and announcement in one transaction. */
  index(height: number, drafts: readonly EventDraft[]): Promise<void>
  close(): Promise<void>
}

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: shapes differ from query to query
  readonly data?: any
  readonly errors?: readonly {
    readonly message: string
    readonly extensions: { readonly code: string; readonly remedy: string }
  }[]
}

export const blockHashOf = (height: number) => `0x${height.toString(16).padStart(64, '0')}`

/** An API over a database of its own, with a way to let blocks arrive. */
export async function startTestApi(options: Partial<ApiOptions> = {}): Promise<TestApi> {
  const database = await createTestDatabase()
  const writer = await connect(database.url)
  const api = await startApi({ host: '127.0.0.1', port: 0, databaseUrl: database.url, ...options })
  const ask = async (query: string, variables?: Record<string, unknown>): Promise<Answer> => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer
  }
  return {
    api,
    database,
    ask,
    index: (height, drafts) => indexBlocks(writer, api, height, drafts),
    async close() {
      await api.close()
      await writer.end()
      await database.drop()
    },
  }
}

async function indexBlocks(
  writer: Client,
  api: Api,
  height: number,
  drafts: readonly EventDraft[],
): Promise<void> {
  await writer.query('begin')
  await append(writer, drafts)
  await writer.query('update squid_processor.status set height = $1, hash = $2, nonce = nonce + 1', [
    height,
    blockHashOf(height),
  ])
  await writer.query('notify subledger_head')
  await writer.query('commit')
  await indexedBy(api, height)
}

/** Waits until the API has heard of the height. */
async function indexedBy(api: Api, height: number): Promise<void> {
  for (;;) {
    const response = await fetch(`${api.url}/`)
    const { indexedHeight } = (await response.json()) as { indexedHeight: number }
    if (indexedHeight >= height) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
