import type { Settings } from '../../config/config'

interface Running {
  readonly settings: Settings
  readonly apiUrl: string
  readonly nodeUrl: string
  readonly embedded: boolean
}

/** What a person needs to go on: addresses, and a first question with its command. */
export function welcome({ settings, apiUrl, nodeUrl, embedded }: Running): string {
  const subnets = settings.netuids === 'all' ? 'all subnets' : `subnets ${settings.netuids?.join(', ')}`
  const netuid = settings.netuids === 'all' ? 122 : (settings.netuids?.at(-1) ?? 122)
  const query = `{ firstSubmissions(netuid: ${netuid}, first: 3) { nodes { hotkey commit { height } contentHash } } }`
  return [
    '',
    `  GraphQL    ${apiUrl}/graphql   (open it in a browser)`,
    `  Health     ${apiUrl}/readyz   metrics: ${apiUrl}/metrics`,
    `  Chain      ${settings.network}, ${subnets}, read from ${nodeUrl}`,
    `  Database   ${embedded ? `embedded, in ${settings.dataDir}` : 'yours, by DATABASE_URL'}`,
    '',
    '  Who committed first? Try:',
    `  curl -s ${apiUrl}/graphql -H 'content-type: application/json' \\`,
    `    -d '${JSON.stringify({ query })}'`,
    '',
    '  Ctrl-C stops; the next start goes on where this one ended.',
    '',
  ].join('\n')
}
