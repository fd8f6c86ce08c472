import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { SourceFiles } from './source-files'

export interface Source {
  readonly wsUrl: string
  readonly httpUrl: string
  stop(): Promise<void>
}

/** A node process that serves the files, each answer after `latencyMs`. */
export async function startSource(files: SourceFiles, latencyMs: number): Promise<Source> {
  const child = fork(path.join(__dirname, 'serve.js'), [files.recording, files.metadata, String(latencyMs)])
  const exited = once(child, 'exit')
  const started = await Promise.race([once(child, 'message'), exited.then(() => undefined)])
  if (started === undefined) throw new Error('the source node ended before it served')
  const { wsUrl, httpUrl } = started[0] as { wsUrl: string; httpUrl: string }
  return {
    wsUrl,
    httpUrl,
    async stop() {
      child.kill()
      await exited
    },
  }
}
