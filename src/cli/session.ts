import { Closers } from './closers'
import { interruptSignal } from './interrupt'
import { formatError } from './report-error'

/** What a long-running command works with: a signal that says stop, and what to close at the end. */
export interface Session {
  readonly signal: AbortSignal
  readonly closers: Closers
  /** One line for the person at the terminal. */
  say(line: string): void
}

/**
 * Runs a command to its end, closes what it opened and sets the exit status:
 * 0 done or interrupted, 2 the user can fix it, 3 retry may help, 4 the data contradict themselves, 1 a fault of ours.
 */
export async function runSession(work: (session: Session) => Promise<void>): Promise<void> {
  const closers = new Closers()
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const report = (error: unknown) => {
    const { text, status } = formatError(error)
    process.stderr.write(text)
    process.exitCode = Math.max(Number(process.exitCode ?? 0), status)
  }
  const interrupt = interruptSignal()
  // What runs beside the work has to end with it, also when the work fails.
  const end = new AbortController()
  const signal = AbortSignal.any([interrupt, end.signal])
  try {
    await work({ signal, closers, say })
  } catch (error) {
    if (!interrupt.aborted) report(error)
  } finally {
    end.abort()
    await closers.closeAll((name, error) => {
      process.stderr.write(`while closing the ${name}: `)
      report(error)
    })
  }
}
