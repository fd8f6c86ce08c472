import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { recordingError } from './recording-error'

/** `meta` as the first four bytes (frame_metadata's META_RESERVED), then the version. */
const METADATA_MAGIC = Buffer.from('meta')
const SUPPORTED_METADATA_VERSION = 14
const MAX_METADATA_BYTES = 64 * 1024 * 1024

/** Metadata as 0x-prefixed hex, from a file of hex or bytes, plain or gzipped. */
export async function loadMetadata(file: string): Promise<string> {
  let content: Buffer
  try {
    content = await readFile(file)
    if (content[0] === 0x1f && content[1] === 0x8b) {
      content = gunzipSync(content, { maxOutputLength: MAX_METADATA_BYTES })
    }
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw recordingError(missing ? 'MISSING' : 'METADATA', file, 0, 'it cannot be read.', error)
  }
  const bytes = content.subarray(0, 4).equals(METADATA_MAGIC) ? content : fromHex(content, file)
  if (!bytes.subarray(0, 4).equals(METADATA_MAGIC) || bytes[4] !== SUPPORTED_METADATA_VERSION) {
    throw recordingError(
      'METADATA',
      file,
      0,
      `it does not start as metadata V${SUPPORTED_METADATA_VERSION} does.`,
    )
  }
  return `0x${bytes.toString('hex')}`
}

function fromHex(content: Buffer, file: string): Buffer {
  const text = content.toString('latin1').trim()
  if (!/^0x(?:[0-9a-fA-F]{2})+$/.test(text)) throw recordingError('METADATA', file, 0, 'it is not hex.')
  return Buffer.from(text.slice(2), 'hex')
}
