const NOT_HEX = 0xffff
/** Byte of two hex digits, by their codes: seven bits each. */
const PAIRS = new Uint16Array(1 << 14).fill(NOT_HEX)
for (let byte = 0; byte < 256; byte++) {
  const digits = byte.toString(16).padStart(2, '0')
  PAIRS[(digits.charCodeAt(0) << 7) | digits.charCodeAt(1)] = byte
}

const UTF8_MAX_BYTES_PER_CHAR = 3
/** Up to this many characters a loop is faster than the call into Node. */
const LOOP_MAX_CHARS = 64
const ASCII_MAX = 127

/** Bytes of COPY's binary format, one after the other, in a buffer that grows. */
export class ByteWriter {
  bytes: Buffer
  length = 0

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size)
  }

  /** To be called before anything is written: what follows does not look. */
  room(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length, this.length + more) * 2)
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }

  int16(value: number): void {
    const { bytes } = this
    bytes[this.length++] = value >> 8
    bytes[this.length++] = value
  }

  int32(value: number): void {
    const { bytes, length } = this
    bytes[length] = value >> 24
    bytes[length + 1] = value >> 16
    bytes[length + 2] = value >> 8
    bytes[length + 3] = value
    this.length = length + 4
  }

  /** A whole number below 2^53. */
  int64(value: number): void {
    this.int32(Math.floor(value / 4_294_967_296))
    this.int32(value | 0)
  }

  /** Four bytes of length, then UTF-8. */
  text(text: string): void {
    this.room(4 + text.length * UTF8_MAX_BYTES_PER_CHAR)
    const at = this.length + 4
    const written = this.ascii(text, at) ? text.length : this.bytes.write(text, at, 'utf8')
    this.int32(written)
    this.length += written
  }

  /** Four bytes of length, then the bytes of PostgreSQL's text `\x…`. */
  hex(text: string): void {
    const size = (text.length - 2) >> 1
    this.room(4 + size)
    this.int32(size)
    const { bytes } = this
    let at = this.length
    let all = 0
    for (let i = 2; i < text.length; i += 2) {
      const byte = PAIRS[((text.charCodeAt(i) & 127) << 7) | (text.charCodeAt(i + 1) & 127)]!
      all |= byte
      bytes[at++] = byte
    }
    if (all > 255 || text.charCodeAt(1) !== 120) throw new Error(`not bytes: ${text.slice(0, 20)}`)
    this.length = at
  }

  /** UTF-8 without its length. */
  raw(text: string): void {
    this.room(text.length * UTF8_MAX_BYTES_PER_CHAR)
    this.length += this.bytes.write(text, this.length, 'utf8')
  }

  private ascii(text: string, at: number): boolean {
    if (text.length > LOOP_MAX_CHARS) return false
    const { bytes } = this
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > ASCII_MAX) return false
      bytes[at + i] = code
    }
    return true
  }
}
