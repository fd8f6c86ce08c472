import type { Artifact } from './artifact'
import { fetchLimited, jsonOf } from './fetch-text'
import { unitVector } from './vector-text'

/** Places a text among others. */
export interface Embedder {
  /** Texts are compared with those of the same model only. */
  readonly model: string
  /** A vector of length 1. @throws when the embedder cannot answer */
  embed(text: string): Promise<Float32Array>
}

export const DIMENSIONS = 768
/** Words in a row that are looked at together, at most. */
const MAX_WORDS_OF_A_FEATURE = 3
/** All hashes as signed 32 bits: numbers that fit stay out of the heap. */
const FNV_OFFSET = 0x811c9dc5 | 0
const FNV_PRIME = 0x01000193
const WORD_END = 0x1f

/** What two artifacts are compared by (§2.6). */
export const comparedText = (a: Artifact): string =>
  [
    a.provider,
    a.model,
    a.system_prompt_template,
    a.user_prompt_template,
    pythonFloat(a.sampling_params.temperature),
  ].join('\n')

const pythonFloat = (n: number) => (Number.isInteger(n) ? n.toFixed(1) : String(n))

/** One to three words in a row, each counted at a place and with a sign that its hash gives: the same everywhere, no network. */
export const localEmbedder: Embedder = {
  model: 'subledger/hashed-words-1',
  embed: async (text) => {
    const vector = new Float64Array(DIMENSIONS)
    const { codes, ends } = wordsOf(text)
    let start = 0
    for (let first = 0; first < ends.length; first++) {
      let hash = FNV_OFFSET
      let at = start
      const last = Math.min(ends.length, first + MAX_WORDS_OF_A_FEATURE)
      for (let word = first; word < last; word++) {
        for (const end = ends[word]!; at < end; at++) hash = Math.imul(hash ^ codes[at]!, FNV_PRIME)
        // The end of a word counts too: "ab c" is not "a bc". Then the bits are mixed, since the low ones depend on little.
        hash = Math.imul(hash ^ WORD_END, FNV_PRIME)
        hash ^= hash >>> 15
        vector[(hash >>> 1) % DIMENSIONS]! += hash & 1 ? 1 : -1
      }
      start = ends[first]!
    }
    // What is repeated must not drown the rest.
    for (let i = 0; i < DIMENSIONS; i++) vector[i] = Math.sign(vector[i]!) * Math.sqrt(Math.abs(vector[i]!))
    return unitVector(vector)
  },
}

/** UTF-16 units of the words, one after the other, and where each ends. As numbers: every one of them is looked at three times. */
function wordsOf(text: string): { readonly codes: Uint16Array; readonly ends: readonly number[] } {
  const codes = new Uint16Array(text.length)
  const ends: number[] = []
  let length = 0
  let begun = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (!isSpace(code)) codes[length++] = code
    else if (length > begun) {
      ends.push(length)
      begun = length
    }
  }
  if (length > begun) ends.push(length)
  return { codes, ends }
}

const LAST_ASCII = 0x7f
/** White space as a pattern's `\s` has it. */
const isSpace = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || (code > LAST_ASCII && /\s/.test(String.fromCharCode(code)))

export interface HttpEmbedderOptions {
  /** OpenAI-compatible API, without /embeddings. */
  readonly url: string
  readonly key: string | undefined
  readonly model: string
}

const TIMEOUT_MS = 20_000
const ANSWER_MAX_BYTES = 1_048_576

/** An OpenAI-compatible embedding service. */
export const httpEmbedder = ({ url, key, model }: HttpEmbedderOptions): Embedder => ({
  model,
  embed: async (input) => {
    const { status, body } = await fetchLimited(
      `${url}/embeddings`,
      { timeoutMs: TIMEOUT_MS, maxBytes: ANSWER_MAX_BYTES },
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
        body: JSON.stringify({ model, input, dimensions: DIMENSIONS }),
      },
    )
    if (status !== 200) throw new Error(`the embedder answers ${status}`)
    const values = (jsonOf(body) as { data?: { embedding?: unknown }[] }).data?.[0]?.embedding
    const isVector = Array.isArray(values) && values.length === DIMENSIONS && values.every(Number.isFinite)
    if (!isVector) throw new Error(`the embedder gives no ${DIMENSIONS} numbers`)
    return unitVector(values as number[])
  },
})
