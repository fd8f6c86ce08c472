import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

export interface ServerProcess {
  readonly url: string
  readonly child: ChildProcess
  stop(): Promise<void>
}

/** Our API as its own process. @param nodeFlags e.g. --cpu-prof */
export async function startApiProcess(
  databaseUrl: string,
  poolConnections: number,
  nodeFlags: readonly string[] = [],
): Promise<ServerProcess> {
  const child = fork(path.join(__dirname, 'api-process.js'), [], {
    execArgv: [...nodeFlags],
    env: {
      ...process.env,
      BENCH_DATABASE_URL: databaseUrl,
      BENCH_POOL_CONNECTIONS: String(poolConnections),
    },
  })
  const [{ url }] = (await once(child, 'message')) as [{ url: string }]
  return { url, child, stop: () => ended(child, () => child.disconnect()) }
}

export async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  end()
  await exit
}
