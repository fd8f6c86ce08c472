import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '../../database/project-root'
import { ended, type ServerProcess } from './start-process'

const VERSION = '4.11.0'
/** It brings GraphQL 15, which cannot live beside ours; so it is installed apart, once, on the machine that measures. */
const PACKAGES = [
  `@subsquid/graphql-server@${VERSION}`,
  '@subsquid/big-decimal@1.0.0',
  'typeorm@0.3.31',
  'pg@8.23.1',
  'class-validator@0.14.2',
  'type-graphql@1.2.0-rc.1',
]
const START_TIMEOUT_MS = 60_000

/** Subsquid's GraphQL server over the same tables, from the project's own schema.graphql. */
export async function startSubsquidServer(
  databaseUrl: string,
  poolConnections: number,
): Promise<ServerProcess> {
  const folder = await installed()
  copyFileSync(path.join(projectRoot(), 'schema.graphql'), path.join(folder, 'schema.graphql'))
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [path.join(folder, 'node_modules/@subsquid/graphql-server/bin/run.js'), '--no-squid-status'],
    {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        ...addressOf(databaseUrl),
        GQL_PORT: String(port),
        GQL_DB_CONNECTION_POOL_SIZE: String(poolConnections),
        NODE_ENV: 'production',
        SQD_INFO: '',
        SQD_WARN: '',
      },
    },
  )
  const url = `http://127.0.0.1:${port}`
  await answering(url)
  return { url, child, stop: () => ended(child, () => child.kill('SIGKILL')) }
}

async function installed(): Promise<string> {
  const folder = path.join(os.tmpdir(), `subledger-bench-graphql-server-${VERSION}`)
  if (existsSync(path.join(folder, 'installed'))) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'package.json'), '{"private": true}\n')
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', ...PACKAGES], { cwd: folder })
  writeFileSync(path.join(folder, 'installed'), '')
  return folder
}

/** Its own variables know hosts, and a folder as a host is a unix socket: the transport is the one that we use. */
function addressOf(databaseUrl: string): Record<string, string> {
  const url = new URL(databaseUrl)
  return {
    DB_HOST: url.searchParams.get('host') ?? url.hostname,
    DB_PORT: url.searchParams.get('port') ?? (url.port || '5432'),
    DB_NAME: url.pathname.slice(1),
    DB_USER: decodeURIComponent(url.username) || (url.searchParams.get('user') ?? 'subledger'),
    DB_PASS: decodeURIComponent(url.password) || 'unused',
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadline) {
    const answered = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{__typename}"}',
    }).then(
      (response) => response.ok,
      () => false,
    )
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`Subsquid's server gives no answer at ${url}`)
}
