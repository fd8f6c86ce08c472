import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sha256Hex } from '../../../mechanisms/sha256-hex'
import type { BatchCandidate } from '../batch/batch-spec'
import { SCRIPT_FILE } from '../sandbox/script-sandbox'
import { type PlatformClient, PlatformRefused } from './platform-client'

export interface FetchScriptOptions {
  readonly client: PlatformClient
  /** Where scripts are kept, each in a folder of its hash. */
  readonly folder: string
  readonly attempts: number
  readonly pauseMs: number
  readonly signal: AbortSignal
}

/** The platform's bytes are not those that the batch names: no validator may run them (invariant 11). */
export class ScriptDiffers extends Error {}

/**
 * A script of a batch in a folder of its own, its size and SHA-256 as the batch says.
 * @returns the folder
 * @throws ScriptDiffers after the last attempt with other bytes; PlatformRefused after the last one without any
 */
export async function fetchScript(
  batchId: string,
  candidate: BatchCandidate,
  options: FetchScriptOptions,
): Promise<string> {
  const folder = path.join(options.folder, candidate.content_hash)
  const file = path.join(folder, SCRIPT_FILE)
  const kept = await readFile(file).catch(() => undefined)
  if (kept && isOf(candidate, kept)) return folder
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const bytes = await download(batchId, candidate, options)
  // A name of its own first: whoever starts a sandbox meanwhile never sees half of a script.
  const part = path.join(options.folder, `${randomUUID()}.part`)
  await writeFile(part, bytes, { mode: 0o644 })
  await rename(part, file)
  return folder
}

async function download(
  batchId: string,
  candidate: BatchCandidate,
  { client, attempts, pauseMs, signal }: FetchScriptOptions,
): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    try {
      const bytes = await client.artifact(batchId, candidate.artifact_id, signal)
      if (isOf(candidate, bytes)) return bytes
      throw new ScriptDiffers(`artifact ${candidate.artifact_id} is not of its size and hash`)
    } catch (error) {
      if (signal.aborted) throw error
      // Answered, and longer than any script is.
      const isTooLong = error instanceof PlatformRefused && error.status === 200
      if (attempt >= attempts) throw isTooLong ? new ScriptDiffers(error.message) : error
    }
    await sleep(pauseMs * attempt, undefined, { signal })
  }
}

const isOf = ({ content_hash, size_bytes }: BatchCandidate, bytes: Buffer) =>
  bytes.length === size_bytes && sha256Hex(bytes) === content_hash
