import { type Static, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { Composer, type CST, type Document, isScalar, Lexer, Parser, visit } from 'yaml'
import { isWholeText } from '../routes/whole-text'
import { type Finding, faulty, found, missed } from './refusal'

const FEWSHOT_MAX_EXAMPLES = 64
const FEWSHOT_MAX_CHARS = 8192
/** Names that stand for others; more of them are a bomb or a riddle. */
const YAML_MAX_ALIASES = 16
/** Values of a parsed artifact, aliases followed: 64 examples and everything else stay far below. */
const YAML_MAX_VALUES = 2_000
/** Signs, words, line breaks and blanks: a prompt is one, an artifact with 64 examples has a thousand. */
const YAML_MAX_TOKENS = 8_000
const REASON_MAX_CHARS = 300

const Optional = <T extends ReturnType<typeof Type.Unsafe> | Parameters<typeof Type.Optional>[0]>(
  schema: T,
) => Type.Optional(Type.Union([schema, Type.Null()]))

/** The artifact as a miner writes it (§2.5); keys that nobody knows are passed over. */
export const Artifact = Type.Object({
  miner_hotkey: Type.String(),
  name: Type.String(),
  version_num: Type.Integer(),
  status: Type.Union(
    ['screening_1', 'failed_screening_1', 'screening_2', 'failed_screening_2', 'evaluating', 'finished'].map(
      (status) => Type.Literal(status),
    ),
  ),
  provider: Type.String(),
  model: Type.String(),
  system_prompt_template: Type.String(),
  user_prompt_template: Type.String(),
  sampling_params: Type.Object({
    temperature: Type.Number({ minimum: 0, maximum: 2 }),
    top_p: Optional(Type.Number({ minimum: 0, maximum: 1 })),
    max_tokens: Optional(Type.Integer({ exclusiveMinimum: 0 })),
    stop_sequences: Optional(Type.Array(Type.String())),
  }),
  fewshot_examples: Optional(
    Type.Array(
      Type.Object({
        role: Type.Union(['user', 'assistant', 'system'].map((role) => Type.Literal(role))),
        content: Type.String({ maxLength: FEWSHOT_MAX_CHARS }),
      }),
      { maxItems: FEWSHOT_MAX_EXAMPLES },
    ),
  ),
  eval_scores: Optional(Type.Record(Type.String(), Type.Number())),
})
export type Artifact = Static<typeof Artifact>

const check = TypeCompiler.Compile(Artifact)

/**
 * The artifact in a gist's content. YAML 1.1, as Python reads it, but with a key twice, tags and more than a few aliases refused:
 * they would read differently elsewhere, or grow.
 */
export function parseArtifact(content: string): Finding<Artifact> {
  const parsed = parseYaml(content)
  if (!parsed.ok) return parsed
  const value = parsed.value
  if (isRecord(value) && value.agent_id !== undefined && value.agent_id !== null) {
    return missed(faulty('agent_id_set', 'agent_id must not be set by the client'))
  }
  if (!check.Check(value)) {
    const first = check.Errors(value).First()
    return invalid('artifact_schema', `${first?.path ?? ''}: ${first?.message ?? 'no artifact'}`)
  }
  return found(value)
}

function parseYaml(content: string): Finding<unknown> {
  try {
    const document = composed(content)
    const [error] = [...document.errors, ...document.warnings]
    if (error) return invalid('yaml_invalid', error.message)
    const fault = faultOf(document)
    if (fault) return invalid('yaml_invalid', fault)
    const value: unknown = document.toJS({ maxAliasCount: YAML_MAX_ALIASES })
    if (countValues(value) > YAML_MAX_VALUES)
      return invalid('yaml_too_large', 'more values than an artifact has')
    return isWholeText(value) ? found(value) : invalid('yaml_invalid', 'a text holds half of a character')
  } catch (error) {
    if (error instanceof TooManyTokens) return invalid('yaml_too_large', 'more signs than an artifact has')
    // Too many aliases, or nested so deeply that the parser gives up.
    return invalid('yaml_invalid', error instanceof Error ? error.message : 'no YAML')
  }
}

class TooManyTokens extends Error {}

const COMPOSED = {
  prettyErrors: false,
  version: '1.1',
  logLevel: 'silent',
  // The library compares every key with every other one; `faultOf` does not.
  uniqueKeys: false,
  stringKeys: true,
  resolveKnownTags: false,
} as const

/** The one document of a content. @throws TooManyTokens */
function composed(content: string): Document.Parsed {
  // All tokens are there before anything is built of them: that takes long over many errors, keys or anchors.
  const documents = [...new Composer(COMPOSED).compose(tokensOf(content), true, content.length)]
  if (documents.length > 1) throw new Error('more than one document')
  return documents[0]! as Document.Parsed
}

function tokensOf(content: string): CST.Token[] {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let count = 0
  for (const lexeme of new Lexer().lex(content)) {
    count += 1
    if (count > YAML_MAX_TOKENS) throw new TooManyTokens()
    for (const token of parser.next(lexeme)) tokens.push(token)
  }
  tokens.push(...parser.end())
  return tokens
}

/** What makes a document unfit before its aliases are followed; each node is looked at once. */
function faultOf(document: Document.Parsed): string | undefined {
  let nodes = 0
  let aliases = 0
  let fault: string | undefined
  const stop = (why: string) => {
    fault = why
    return visit.BREAK
  }
  visit(document, {
    Node: () => (++nodes > 3 * YAML_MAX_VALUES ? stop('more values than an artifact has') : undefined),
    Alias: () => (++aliases > YAML_MAX_ALIASES ? stop('too many aliases') : undefined),
    Map: (_, { items }) => {
      const keys = new Set(items.map(({ key }) => (isScalar(key) ? String(key.value) : key)))
      return keys.size < items.length ? stop('a key stands there twice') : undefined
    },
  })
  return fault
}

const invalid = (code: string, details: string): Finding<never> =>
  missed(faulty(code, 'Failed to submit artifact', { details: details.slice(0, REASON_MAX_CHARS) }))

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Stops as soon as there are too many: an alias may make the same list appear again and again. */
function countValues(root: unknown): number {
  const waiting = [root]
  let count = 0
  while (waiting.length > 0 && count <= YAML_MAX_VALUES) {
    const value = waiting.pop()
    count += 1
    if (typeof value === 'object' && value !== null) waiting.push(...Object.values(value))
  }
  return count
}
