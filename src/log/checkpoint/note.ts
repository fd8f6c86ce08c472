import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** Signature type of Ed25519 in signed notes. */
const ED25519 = 1
const KEY_ID_BYTES = 4
const SIGNATURE_BYTES = 64
const PUBLIC_KEY_BYTES = 32
/** DER of an Ed25519 public key is this, then the key. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/
const NOTE_MAX_CHARS = 65_536

interface Signature {
  readonly name: string
  /** Key id, then the signature itself. */
  readonly bytes: Buffer
}

/** Text that a person can read, signed: the format of C2SP's signed-note. */
export interface SignedNote {
  /** Ends with a line break. */
  readonly text: string
  readonly signatures: readonly Signature[]
}

/** @param text ends with a line break; @param name of the key, without spaces and plus signs */
export function signNote(text: string, name: string, key: KeyObject): string {
  if (!text.endsWith('\n') || /[^\n\P{Cc}]/u.test(text)) throw new RangeError('no text for a note')
  if (!/^[^\s+]+$/u.test(name)) throw new RangeError('no name for a key')
  const signature = sign(null, Buffer.from(text), key)
  const blob = Buffer.concat([keyId(name, rawPublicKey(key)), signature])
  return `${text}\n— ${name} ${blob.toString('base64')}\n`
}

/** `NAME+KEYID+BASE64`: what a verifier must know of a signer. */
export function verifierKey(name: string, key: KeyObject): string {
  const raw = rawPublicKey(key)
  const typed = Buffer.concat([Buffer.from([ED25519]), raw])
  return `${name}+${keyId(name, raw).toString('hex')}+${typed.toString('base64')}`
}

/** The text of a note that the owner of `verifier` signed; undefined when it is not, or is no note. */
export function openNote(note: string, verifier: string): string | undefined {
  const parsed = parseNote(note)
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(verifier) ?? []
  if (!parsed || !name || !id || !encoded) return undefined
  const typed = Buffer.from(encoded, 'base64')
  const raw = typed.subarray(1)
  if (typed[0] !== ED25519 || raw.length !== PUBLIC_KEY_BYTES) return undefined
  if (keyId(name, raw).toString('hex') !== id) return undefined
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })
  const signed = parsed.signatures.some(
    ({ name: signer, bytes }) =>
      signer === name &&
      bytes.length === KEY_ID_BYTES + SIGNATURE_BYTES &&
      bytes.subarray(0, KEY_ID_BYTES).toString('hex') === id &&
      verify(null, Buffer.from(parsed.text), key, bytes.subarray(KEY_ID_BYTES)),
  )
  return signed ? parsed.text : undefined
}

/** Text and signatures apart; they part at the last empty line. */
export function parseNote(note: string): SignedNote | undefined {
  if (note.length > NOTE_MAX_CHARS || /[^\n\P{Cc}]/u.test(note) || !note.endsWith('\n')) return undefined
  const end = note.lastIndexOf('\n\n')
  if (end < 0) return undefined
  const signatures = note
    .slice(end + 2, -1)
    .split('\n')
    .map(parseSignature)
  if (signatures.includes(undefined)) return undefined
  return { text: note.slice(0, end + 1), signatures: signatures.filter((s) => s !== undefined) }
}

function parseSignature(line: string): Signature | undefined {
  const [, name, blob] = SIGNATURE_LINE.exec(line) ?? []
  const bytes = Buffer.from(blob ?? '', 'base64')
  // Base64 that decodes to the same bytes but is written otherwise is no signature: one note, one text.
  return name && bytes.toString('base64') === blob ? { name, bytes } : undefined
}

function keyId(name: string, raw: Uint8Array): Buffer {
  const digest = createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([ED25519]))
    .update(raw)
    .digest()
  return digest.subarray(0, KEY_ID_BYTES)
}

function rawPublicKey(key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('the key is not Ed25519')
  const open = key.type === 'private' ? createPublicKey(key) : key
  return open.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length)
}
