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
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

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
    const words = text.split(/\s+/).filter(Boolean)
    for (let first = 0; first < words.length; first++) {
      let hash = FNV_OFFSET
      const last = Math.min(words.length, first + MAX_WORDS_OF_A_FEATURE)
      for (let i = first; i < last; i++) {
        hash = addWord(hash, words[i]!)
        vector[(hash >>> 1) % DIMENSIONS]! += hash & 1 ? 1 : -1
      }
    }
    // What is repeated must not drown the rest.
    for (let i = 0; i < DIMENSIONS; i++) vector[i] = Math.sign(vector[i]!) * Math.sqrt(Math.abs(vector[i]!))
    return unitVector(vector)
  },
}

function addWord(hash: number, word: string): number {
  let h = hash
  for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), FNV_PRIME)
  // The end of a word counts too: "ab c" is not "a bc". Then the bits are mixed, since the low ones depend on little.
  h = Math.imul(h ^ 0x1f, FNV_PRIME)
  return (h ^ (h >>> 15)) >>> 0
}

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
