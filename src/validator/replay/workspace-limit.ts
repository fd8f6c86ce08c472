import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const BYTES_PER_KIB = 1_024

export interface WorkspaceWatch {
  /** Resolves, once, when the folder holds more than is allowed; never without. */
  readonly exceeded: Promise<void>
  stop(): void
}

/** Bytes that a folder takes on disk. What vanishes while it is counted is not counted. */
export async function usedBytes(folder: string): Promise<number> {
  const options = { maxBuffer: Number.MAX_SAFE_INTEGER }
  const { stdout } = await execute('du', ['-sk', folder], options).catch(
    (error) => error as { stdout: string },
  )
  return Number.parseInt(stdout, 10) * BYTES_PER_KIB || 0
}

/** Looks at a folder again and again: a benchmark may not fill the validator's disk. */
export function watchWorkspace(folder: string, maxBytes: number, everyMs: number): WorkspaceWatch {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const exceeded = new Promise<void>((resolve) => {
    const look = async () => {
      if ((await usedBytes(folder)) > maxBytes) resolve()
      else if (!isStopped) timer = setTimeout(look, everyMs)
    }
    timer = setTimeout(look, everyMs)
  })
  return {
    exceeded,
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
