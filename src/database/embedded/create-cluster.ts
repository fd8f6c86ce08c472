import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { diskFull, LOG_TAIL_CHARS, notCreated } from './embedded-error'
import { commandFor } from './identity'
import type { Place } from './place'

export const EMBEDDED_USER = 'subledger'

/**
 * Makes the folder of an empty database.
 * @throws LedgerError SL-PG-INIT, SL-DISK-FULL
 */
export function createCluster(place: Place, unsafeFast: boolean): void {
  // Made beside and renamed, so that a kill in between leaves no half-made cluster.
  const draft = `${place.dataFolder}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  // Text in the order of its code points, by PostgreSQL itself: the system's C.UTF-8 gives the same order, three times slower.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const args = ['-D', draft, '-U', EMBEDDED_USER, '-A', 'trust', '-E', 'UTF8', ...locale, '-N']
  failUnlessDone(place, run(place, args))
  if (!unsafeFast) failUnlessDone(place, run(place, ['-D', draft, '--sync-only']))
  try {
    renameSync(draft, place.dataFolder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(place.dataFolder)) throw error
  }
}

function run(place: Place, args: readonly string[]): SpawnSyncReturns<string> {
  const command = commandFor(place.identity, place.binaries, place.binaries.initdb, args)
  return spawnSync(command.file, command.args, { ...command.options, encoding: 'utf8', cwd: '/' })
}

function failUnlessDone(place: Place, result: SpawnSyncReturns<string>): void {
  if (result.status === 0) return
  const said = `${result.stderr ?? ''}${result.error?.message ?? ''}`.trim().slice(-LOG_TAIL_CHARS)
  if (/No space left/.test(said)) throw diskFull(place.dataFolder)
  throw notCreated(place.dataFolder, said, { runsAs: place.identity.mode })
}
