import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Gist, gistsUpTo } from '../../scenario/gist'

export interface GistHost {
  /** For both the API of GitHub and its raw content. */
  readonly url: string
  close(): Promise<void>
}

const FILE = 'artifact.yaml'

/** Serves the gists of the scenario's miners as GitHub does: what was committed on chain up to now, and nothing else. */
export async function startGistHost(height: () => number): Promise<GistHost> {
  const server = createServer((request, response) => {
    const gist = gistsUpTo(height()).find(
      (one) => request.url === apiPath(one) || request.url === rawPath(one),
    )
    if (!gist) response.writeHead(404).end()
    else if (request.url === rawPath(gist)) response.end(gist.content)
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(apiAnswer(gist)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const apiPath = ({ gistId }: Gist) => `/gists/${gistId}`
const rawPath = ({ account, gistId, commitSha }: Gist) => `/${account}/${gistId}/raw/${commitSha}/${FILE}`

const apiAnswer = (gist: Gist) => ({
  id: gist.gistId,
  created_at: gist.createdAt.replace('+00:00', 'Z'),
  owner: { login: gist.account },
  history: [{ version: gist.commitSha }],
  files: { [FILE]: { filename: FILE } },
})
