import { LedgerError } from '../../errors/ledger-error'

export type RecordingFault = 'MISSING' | 'LINE' | 'GAP' | 'PARENT' | 'SPEC' | 'EMPTY' | 'METADATA'

const REMEDIES: Record<RecordingFault, string> = {
  MISSING: 'Name a file that exists and can be read.',
  LINE: 'Fetch or record the file again: each line must be one block as JSON.',
  GAP: 'Record the missing blocks, or cut the file before them: heights must follow each other.',
  PARENT: 'Record the file again from one node: its blocks are not of one chain.',
  SPEC: 'Give the metadata of that spec version too: --metadata SPEC=FILE.',
  EMPTY: 'Record at least one block.',
  METADATA: 'Give the V14 metadata of the runtime as hex, as hex in gzip, or as bytes.',
}

/** `line` counts from 1; 0 means the file as a whole. */
export function recordingError(
  fault: RecordingFault,
  file: string,
  line: number,
  message: string,
  cause?: unknown,
): LedgerError {
  const place = line === 0 ? file : `${file}, line ${line}`
  return new LedgerError(`SL-RECORDING-${fault}`, 'user', `${place}: ${message}`, {
    remedy: REMEDIES[fault],
    facts: { file, line },
    cause,
  })
}
