import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ServedGist {
  readonly gistId: string
  readonly account: string
  /** Python's isoformat */
  readonly createdAt: string
  readonly commitSha: string
  readonly content: string
  /** Versions before the newest one. */
  readonly olderCommits?: readonly string[]
}

export interface GistHost {
  readonly url: string
  serve(gist: ServedGist): void
  /** Answers a path in another way. */
  intercept(path: string, answer: (response: ServerResponse) => void): void
  /** Paths that were asked for, in order. */
  readonly asked: string[]
  close(): Promise<void>
}

const FILE = 'artifact.yaml'

/** Serves gists as the API host and the raw host of GitHub do, both on one port. */
export async function startGistHost(): Promise<GistHost> {
  const answers = new Map<string, (response: ServerResponse) => void>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    const answer = answers.get(request.url!)
    if (answer) answer(response)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    asked,
    serve(gist) {
      const api = JSON.stringify({
        id: gist.gistId,
        created_at: gist.createdAt.replace('+00:00', 'Z'),
        owner: { login: gist.account },
        history: [gist.commitSha, ...(gist.olderCommits ?? [])].map((version) => ({ version })),
        files: { [FILE]: { filename: FILE } },
      })
      answers.set(`/gists/${gist.gistId}`, (response) => response.end(api))
      answers.set(`/${gist.account}/${gist.gistId}/raw/${gist.commitSha}/${FILE}`, (response) =>
        response.end(gist.content),
      )
    },
    intercept: (path, answer) => answers.set(path, answer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
