import type { Json } from '../../../mechanisms/canonical-json'
import { askProvider } from './provider-request'
import { type ToolArguments, type ToolCall, ToolFailed, type Tools } from './tool'

export interface DesearchOptions {
  readonly baseUrl: string
  readonly apiKey: string
}

export const DESEARCH_URL = 'https://api.desearch.ai'

type Kind = 'text' | 'count' | 'flag' | 'texts'
type Parameters = Readonly<Record<string, Kind>>

/** What scripts may ask for; everything else is refused, so that no key's option is reached by accident. */
const WEB: Parameters = { query: 'text', num: 'count', start: 'count' }
const X: Parameters = {
  query: 'text',
  count: 'count',
  sort: 'text',
  user: 'text',
  start_date: 'text',
  end_date: 'text',
  lang: 'text',
  verified: 'flag',
  blue_verified: 'flag',
  is_quote: 'flag',
  is_video: 'flag',
  is_image: 'flag',
  min_retweets: 'count',
  min_replies: 'count',
  min_likes: 'count',
}
const AI: Parameters = {
  prompt: 'text',
  tools: 'texts',
  count: 'count',
  date_filter: 'text',
  result_type: 'text',
  system_message: 'text',
}
const AI_DEFAULTS = {
  count: 10,
  result_type: 'LINKS_WITH_FINAL_SUMMARY',
  system_message: '',
  streaming: false,
}
/** Lists of links in an answer of the AI search, in the order in which they are read. */
const LINK_LISTS = [
  'search',
  'wikipedia_search',
  'youtube_search',
  'arxiv_search',
  'reddit_search',
  'hacker_news_search',
]

/** `search_web`, `search_x` and `search_ai` by the HTTP API of DeSearch; answers are `{data: [...]}` (spec caster §3). */
export function desearchTools({ baseUrl, apiKey }: DesearchOptions): Tools {
  const headers = { authorization: apiKey }
  const get = async (path: string, { arguments: given, signal }: ToolCall, parameters: Parameters) => {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(checked(given, parameters, 'query')))
      query.set(name, String(value))
    return askProvider({ url: `${baseUrl}${path}?${query}`, headers, signal })
  }
  return {
    search_web: async (call) => ({ response: withData(await get('/web', call, WEB)) }),
    search_x: async (call) => ({ response: withData(await get('/twitter', call, X)) }),
    search_ai: async ({ arguments: given, signal }) => {
      const body = { ...AI_DEFAULTS, ...checked(given, AI, 'prompt') }
      if (!Array.isArray(given.tools) || given.tools.length === 0)
        throw new ToolFailed('invalid_arguments', 'tools names no source')
      const answer = await askProvider({ url: `${baseUrl}/desearch/ai/search`, headers, body, signal })
      return { response: { data: linksOf(answer) } }
    },
  }
}

function checked(given: ToolArguments, parameters: Parameters, needed: string): ToolArguments {
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(parameters, name) ? parameters[name]! : undefined
    if (!kind) throw new ToolFailed('invalid_arguments', `there is no parameter ${name.slice(0, 60)}`)
    if (value !== null && !isOf(kind, value))
      throw new ToolFailed('invalid_arguments', `${name} is no ${kind}`)
  }
  if (typeof given[needed] !== 'string' || given[needed].trim() === '')
    throw new ToolFailed('invalid_arguments', `${needed} is missing`)
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
}

function isOf(kind: Kind, value: Json | undefined): boolean {
  if (kind === 'text') return typeof value === 'string'
  if (kind === 'flag') return typeof value === 'boolean'
  if (kind === 'count') return Number.isSafeInteger(value) && (value as number) >= 0
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** A bare list is an answer of the X search too. */
function withData(answer: Json): Json {
  if (Array.isArray(answer)) return { data: answer }
  if (Array.isArray((answer as { data?: unknown } | null)?.data)) return answer
  throw new ToolFailed('provider_error', 'the provider’s answer holds no results')
}

type Entry = Readonly<Record<string, Json | undefined>>

/** Every address once: links of all sources, then posts. */
function linksOf(answer: Json): Json[] {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new ToolFailed('provider_error', 'the provider’s answer holds no results')
  const lists = answer as Entry
  const entries = (name: string): readonly Entry[] => (Array.isArray(lists[name]) ? lists[name] : [])
  const links = [
    ...LINK_LISTS.flatMap((name) =>
      entries(name).map(({ link, snippet, title }) => ({ url: link, note: snippet, title, source: name })),
    ),
    ...entries('tweets').map(({ url, text }) => ({ url, note: text, title: null, source: 'tweets' })),
  ]
  const seen = new Set<Json | undefined>()
  return links.flatMap(({ url, note = null, title = null, source }) => {
    if (typeof url !== 'string' || url.trim() === '' || seen.has(url)) return []
    seen.add(url)
    return [{ url, note, title, source }]
  })
}
