const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** C0/C1 controls (but tab and line ends) and the characters that reorder or hide what follows them. */
const unshowable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/

/**
 * The bytes as text when that is safe to show: valid UTF-8 without control, invisible or reordering characters.
 * Otherwise null; whoever needs the content has the exact bytes beside it.
 */
export function shownText(hex: string | null): string | null {
  if (hex === null) return null
  try {
    const text = utf8.decode(Buffer.from(hex.slice(2), 'hex'))
    return unshowable.test(text) ? null : text
  } catch {
    return null
  }
}
