/** What may be a code: letters, digits and hyphens in a row. */
const WORD = /[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*/g
const CODE_MIN_CHARS = 5
/** 100ml, 25th: a number with a unit. */
const WITH_UNIT = /^\d+[A-Za-z]{1,2}$/

/** The first word that looks like a product code, outside of `{{…}}` (§2.5, rule 8); null when there is none. */
export function firstSku(template: string): string | null {
  const text = withoutOutputs(template)
  if (!/\d/.test(text)) return null
  for (const [word] of text.matchAll(WORD)) {
    if (word.length >= CODE_MIN_CHARS && /\d/.test(word) && !WITH_UNIT.test(word)) return word
  }
  return null
}

/** By hand: a pattern would look for the end anew at each of many beginnings. */
function withoutOutputs(template: string): string {
  let text = ''
  let from = 0
  for (;;) {
    const begin = template.indexOf('{{', from)
    const end = begin < 0 ? -1 : template.indexOf('}}', begin + 2)
    if (end < 0) return text + template.slice(from)
    text += `${template.slice(from, begin)} `
    from = end + 2
  }
}
