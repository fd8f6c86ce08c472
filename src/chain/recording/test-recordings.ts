import { existsSync } from 'node:fs'
import path from 'node:path'

/** Real blocks and metadata lie beside the repository; tests that need them say so when they are absent. */
export const sharedDir = process.env.SUBLEDGER_SHARED ?? path.resolve(__dirname, '../../../../shared')

export const devRecording = path.join(sharedDir, 'chain/recordings/dev-218.jsonl')
export const devRandomRecording = path.join(sharedDir, 'chain/recordings/dev-218-random.jsonl')
export const devMetadata = { 218: path.join(sharedDir, 'chain/recordings/dev-218.metadata.hex.gz') }

export const recordingsMissing = !existsSync(devRecording)
if (recordingsMissing) console.warn(`skipped: needs the recordings in ${path.join(sharedDir, 'chain')}`)
