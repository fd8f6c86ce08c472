import { Client, type ClientConfig, Pool, type PoolConfig } from 'pg'

/** By this name the embedded server knows that someone still uses it. */
export const APPLICATION_NAME = 'subledger'

/** What is done about a connection that broke off while nobody used it. */
type OnBroken = (error: Error) => void

/** A broken connection says so at the next query; its event, when nobody listens, would end the whole process. */
const heardAtTheNextQuery: OnBroken = () => undefined

/** A connection, not yet made. */
export function createClient(url: string, options: ClientConfig = {}): Client {
  const client = new Client({ application_name: APPLICATION_NAME, ...options, connectionString: url })
  client.on('error', heardAtTheNextQuery)
  return client
}

/** @throws what PostgreSQL or the network says; `withDatabaseErrors` names it */
export async function connect(url: string, options?: ClientConfig): Promise<Client> {
  const client = createClient(url, options)
  await client.connect()
  return client
}

/** Does something over a connection of its own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url)
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** @param onBroken told when an idle connection breaks off; the pool makes another one by itself */
export function createPool(url: string, options: PoolConfig, onBroken: OnBroken = heardAtTheNextQuery): Pool {
  const pool = new Pool({ application_name: APPLICATION_NAME, ...options, connectionString: url })
  pool.on('error', onBroken)
  return pool
}
