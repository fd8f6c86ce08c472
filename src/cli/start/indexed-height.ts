import { withClient } from '../../database/connect'

/** Last block in the database; −1 when it is new. */
export function indexedHeight(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query('select height from squid_processor.status where id = 0')
    return (rows[0]?.height as number | undefined) ?? -1
  })
}
