import type { Artifact } from './artifact'
import { exceedsTokens } from './count-tokens'
import { faulty, type Refusal } from './refusal'
import { firstSku } from './sku'
import { readTemplate, type Template, variablesIn } from './template'

/** Names that the harness fills in. */
export const KNOWN_VARIABLES: ReadonlySet<string> = new Set(
  'current_date product_catalog sku sku_info num_recs persona cart_json order_json'.split(' '),
)
/** Long ones: each at most once. */
const ONCE_ONLY = ['product_catalog', 'order_json', 'cart_json'] as const
const NAME = /^[a-zA-Z0-9 ]{1,30}$/
const SYSTEM_MAX_TOKENS = 5_000
const USER_MAX_TOKENS = 10_000
/** Ten thousand tokens of prose are half of it; counting the tokens of anything longer would be an attack. */
const TEMPLATE_MAX_BYTES = 131_072

export interface ArtifactRules {
  /** Provider names in upper case. */
  readonly providers: ReadonlySet<string>
  /** Whether a variable that no harness fills in is refused. */
  readonly refusesUnknownVariables: boolean
}

type Rule = (artifact: Artifact, rules: ArtifactRules, source: string) => Refusal | undefined

const refuse = (code: string, reason: string) => faulty(`template_${code}`, reason)
const templates = (a: Artifact) => [a.system_prompt_template, a.user_prompt_template] as const

/** Three rules look at the same two templates. */
const read = new WeakMap<Artifact, readonly Template[]>()
function readTemplates(artifact: Artifact): readonly Template[] {
  const known = read.get(artifact) ?? templates(artifact).map(readTemplate)
  read.set(artifact, known)
  return known
}

/** In the order of §2.5; the first one that is broken is answered. */
const inOrder: readonly Rule[] = [
  (a) => (NAME.test(a.name) ? undefined : refuse('name', 'name must be 1 to 30 letters, digits and blanks')),
  (a) => (a.version_num === 1 ? undefined : refuse('version', 'version_num must be 1')),
  (a) => {
    const empty = (['provider', 'model', 'system_prompt_template', 'user_prompt_template'] as const).find(
      (key) => a[key].trim() === '',
    )
    return empty && refuse('empty', `${empty} must not be empty`)
  },
  (a) => tooLong('system', a.system_prompt_template, SYSTEM_MAX_TOKENS),
  (a) => tooLong('user', a.user_prompt_template, USER_MAX_TOKENS),
  (a) => (a.status === 'screening_1' ? undefined : refuse('status', 'status must be screening_1')),
  (a, { providers }) =>
    providers.has(a.provider.toUpperCase())
      ? undefined
      : refuse('provider', `provider must be one of ${[...providers].join(', ')}`),
  (a) => (a.model.includes(':free') ? refuse('free_model', 'free models are not allowed') : undefined),
  (a) => {
    const sku = templates(a).map(firstSku).find(Boolean)
    return sku ? refuse('sku', `a product code is written into a template: ${sku.slice(0, 40)}`) : undefined
  },
  (a) => {
    const bad = readTemplates(a).find((template) => !template.ok)
    return bad && !bad.ok ? refuse('syntax', bad.reason) : undefined
  },
  (a, rules) => {
    const variables = variablesOf(a)
    if (variables.length === 0) return refuse('no_variable', 'at least one variable is needed')
    const unknown = rules.refusesUnknownVariables && variables.find((name) => !KNOWN_VARIABLES.has(name))
    return unknown
      ? refuse('unknown_variable', `no harness knows the variable ${unknown.slice(0, 40)}`)
      : undefined
  },
  (a, _, source) => {
    const inTemplates = countsOf(variablesOf(a))
    const inSource = countsOf(variablesIn(source))
    const repeated = ONCE_ONLY.find((name) => inTemplates(name) > 1 || inSource(name) > 1)
    return repeated && refuse('repeated_variable', `${repeated} may be used once only`)
  },
]

/** The first broken rule; undefined: none. `source` is the content of the gist as it was fetched. */
export function brokenRule(artifact: Artifact, rules: ArtifactRules, source: string): Refusal | undefined {
  for (const rule of inOrder) {
    const refusal = rule(artifact, rules, source)
    if (refusal) return refusal
  }
  return undefined
}

function countsOf(names: Iterable<string>): (name: string) => number {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return (name) => counts.get(name) ?? 0
}

function variablesOf(artifact: Artifact): string[] {
  return readTemplates(artifact).flatMap((template) => (template.ok ? template.variables : []))
}

function tooLong(which: string, template: string, maxTokens: number): Refusal | undefined {
  const isLong =
    Buffer.byteLength(template, 'utf8') > TEMPLATE_MAX_BYTES || exceedsTokens(template, maxTokens)
  return isLong
    ? refuse(`${which}_too_long`, `the ${which} prompt has more than ${maxTokens} tokens`)
    : undefined
}
