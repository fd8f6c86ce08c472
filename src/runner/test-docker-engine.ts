import { randomBytes } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

interface Container {
  readonly id: string
  readonly body: Record<string, unknown>
  server?: Server
  port?: number
  isRunning: boolean
}

/** What runs in a container of the double, given its environment and the folders of this machine that it is shown. */
export type Program = (env: Readonly<Record<string, string>>, mounts: readonly Mount[]) => RequestListener

interface Mount {
  readonly Source: string
  readonly Target: string
}

export interface DockerDouble {
  readonly port: number
  /** Bodies of every `POST /containers/create`, in order. */
  readonly created: Record<string, unknown>[]
  /** Containers that were not removed. */
  readonly left: () => number
  readonly pulled: string[]
  close(): Promise<void>
}

/** The part of the Docker Engine's HTTP API that a runner uses, with programs in this process instead of containers. */
export async function startDockerDouble(
  program: Program,
  images: readonly string[] = [],
  networks: Readonly<Record<string, object>> = {},
): Promise<DockerDouble> {
  const containers = new Map<string, Container>()
  const created: Record<string, unknown>[] = []
  const pulled: string[] = []
  const known = new Set(images)
  const server = createServer((request, response) => {
    answer(request, response).catch((error) =>
      response.writeHead(500).end(JSON.stringify({ message: String(error) })),
    )
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://docker')
    const path = url.pathname.replace(/^\/v[\d.]+/, '')
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (path === '/_ping') return void response.end('OK')
    const image = /^\/images\/(.+)\/json$/.exec(path)?.[1]
    if (image)
      return void json(known.has(decodeURIComponent(image)) ? 200 : 404, { message: 'no such image' })
    if (path === '/images/create') {
      const name = `${url.searchParams.get('fromImage')}:${url.searchParams.get('tag') ?? 'latest'}`
      pulled.push(name)
      known.add(name)
      return void json(200, { status: 'done' })
    }
    if (path === '/containers/create') {
      const body = JSON.parse(await read(request))
      if (!known.has(body.Image)) return void json(404, { message: `No such image: ${body.Image}` })
      const id = randomBytes(32).toString('hex')
      created.push(body)
      containers.set(id, { id, body, isRunning: false })
      return void json(201, { Id: id, Warnings: [] })
    }
    if (path === '/containers/json') {
      const wanted = JSON.parse(url.searchParams.get('filters') ?? '{}').label?.[0]
      const found = [...containers.values()].filter(({ body }) =>
        Object.entries(body.Labels as object).some(([name, value]) => `${name}=${value}` === wanted),
      )
      return void json(
        200,
        found.map(({ id }) => ({ Id: id })),
      )
    }
    const network = /^\/networks\/(.+)$/.exec(path)?.[1]
    if (network) {
      const found = networks[decodeURIComponent(network)]
      return void json(found ? 200 : 404, found ?? { message: 'no such network' })
    }
    const [, id, act] = /^\/containers\/([0-9a-f]+)(?:\/(\w+))?$/.exec(path) ?? []
    const container = containers.get(id ?? '')
    if (!container) return void json(404, { message: 'No such container' })
    await actOn(container, request.method === 'DELETE' ? 'remove' : act!, response, json)
  }

  async function actOn(
    container: Container,
    act: string,
    response: ServerResponse,
    json: (status: number, value: unknown) => unknown,
  ): Promise<void> {
    if (act === 'start') {
      container.server = createServer(program(environmentOf(container.body), mountsOf(container.body)))
      await new Promise<void>((resolve) => container.server!.listen(0, '127.0.0.1', resolve))
      container.port = (container.server.address() as AddressInfo).port
      container.isRunning = true
      response.writeHead(204).end()
    } else if (act === 'json') {
      const [port] = Object.keys((container.body.ExposedPorts as object) ?? {})
      const bound = [{ HostIp: '127.0.0.1', HostPort: String(container.port) }]
      json(200, { Id: container.id, NetworkSettings: { Ports: port ? { [port]: bound } : {}, Networks: {} } })
    } else if (act === 'logs') response.end(frame(`container ${container.id.slice(0, 8)} was here\n`))
    else if (act === 'wait') json(200, { StatusCode: 0 })
    else {
      container.server?.close()
      container.server?.closeAllConnections()
      container.isRunning = false
      if (act === 'remove') containers.delete(container.id)
      response.writeHead(204).end()
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    created,
    pulled,
    left: () => containers.size,
    async close() {
      for (const { server: own } of containers.values()) own?.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    },
  }
}

function environmentOf({ Env }: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    (Env as string[]).map((entry) => [
      entry.slice(0, entry.indexOf('=')),
      entry.slice(entry.indexOf('=') + 1),
    ]),
  )
}

const mountsOf = ({ HostConfig }: Record<string, unknown>): readonly Mount[] =>
  (HostConfig as { Mounts?: readonly Mount[] } | undefined)?.Mounts ?? []

/** Output of a container without a terminal: stream number and length before each piece. */
function frame(text: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = 1
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

async function read(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}
