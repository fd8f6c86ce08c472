/** How often Ctrl-C must be pressed for an immediate end. */
const FORCED_END_PRESSES = 2

/** A signal that aborts on SIGINT or SIGTERM; pressing Ctrl-C again ends at once, which loses nothing either. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  let presses = 0
  const onSignal = () => {
    presses += 1
    if (presses >= FORCED_END_PRESSES) process.exit(130)
    controller.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return controller.signal
}
