import type { ClientBase, QueryConfig, QueryResult } from 'pg'

/** A statement that has to be read and planned once a connection. */
export interface Statement {
  readonly text: string
  readonly values: unknown[]
}

/** By text. There are a few for every table. */
const names = new Map<string, string>()

const prepared = ({ text, values }: Statement): QueryConfig => {
  const name = names.get(text) ?? `subledger-${names.size + 1}`
  names.set(text, name)
  return { name, text, values }
}

/** Whether statements travel without waiting for the answers to those before; nothing can be copied over such a connection. */
export const isPipelined = (client: Pick<ClientBase, 'query'>): boolean =>
  (client as { readonly pipeline?: boolean }).pipeline === true

/** Statements in their order; none may need the answer of another. Over a pipelined connection they cost one round trip. */
export async function send(
  client: Pick<ClientBase, 'query'>,
  statements: readonly Statement[],
): Promise<QueryResult[]> {
  if (isPipelined(client)) return Promise.all(statements.map((one) => client.query(prepared(one))))
  const results: QueryResult[] = []
  for (const one of statements) results.push(await client.query(prepared(one)))
  return results
}
