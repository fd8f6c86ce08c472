import nunjucks from 'nunjucks'

/** A variable and nothing else between the braces. */
const BARE = /\{\{[-+]?\s*([A-Za-z_][A-Za-z0-9_]*)\s*[-+]?\}\}/g
/** Whatever would begin something else. */
const OTHER_TAG = /\{\{|\{%|\{#/
/** Names that Jinja2 reads as a value or a part of its own syntax. */
const RESERVED = new Set(
  'True False None true false none and or not in is if else for self super caller loop varargs kwargs'.split(
    ' ',
  ),
)
const NESTING_ERROR = 'a template holds more than text and {{ variables }}'

export type Template =
  | { readonly ok: true; readonly variables: readonly string[] }
  | { readonly ok: false; readonly reason: string }

/**
 * The variables of a prompt, in their order. Only text and bare `{{ name }}` pass (§2.5, rule 9). Two readers must agree: the
 * parser of a Jinja implementation, and a pattern that knows no other tag. Blocks, comments and raw sections are refused even where
 * Jinja2 would render plain text: implementations differ in where they end.
 */
export function readTemplate(template: string): Template {
  const variables = variablesIn(template)
  if (OTHER_TAG.test(template.replaceAll(BARE, ''))) return { ok: false, reason: NESTING_ERROR }
  const reserved = variables.find((name) => RESERVED.has(name))
  if (reserved) return { ok: false, reason: `${reserved} is no name of a variable` }
  const parsed = variablesOfTree(shortened(template))
  const agree =
    parsed !== null && parsed.length === variables.length && parsed.every((v, i) => v === variables[i])
  return agree ? { ok: true, variables } : { ok: false, reason: NESTING_ERROR }
}

/** Outputs, or what is only text: nothing that begins, ends or trims a tag. */
const OUTPUT_OR_TEXT = new RegExp(`(${BARE.source})|[^{}%#-]{2,}`, 'g')

/** The same outputs with a letter for each text between: the parser goes through text character by character. */
const shortened = (template: string): string =>
  template.replace(OUTPUT_OR_TEXT, (all, output?: string) => (output === undefined ? 'x' : all))

/** What is used of the parser: its declarations leave it out. */
interface TreeNode {
  readonly typename: string
  readonly value?: unknown
  readonly children?: readonly TreeNode[]
}
const { parser } = nunjucks as unknown as { readonly parser: { parse(source: string): TreeNode } }

/** Null: the template does not parse, or holds another node. */
function variablesOfTree(template: string): string[] | null {
  const variables: string[] = []
  try {
    for (const output of parser.parse(template).children ?? []) {
      if (output.typename !== 'Output') return null
      for (const part of output.children ?? []) {
        if (part.typename === 'Symbol') variables.push(String(part.value))
        else if (part.typename !== 'TemplateData') return null
      }
    }
    return variables
  } catch {
    return null
  }
}

/** The variables of any text, in their order. */
export const variablesIn = (text: string): string[] => [...text.matchAll(BARE)].map(([, name]) => name!)
