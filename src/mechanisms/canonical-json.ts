/** JSON-compatible values. Integers beyond 2^53 are given as decimal strings or bigint, never as inexact numbers. */
export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }

/**
 * JSON with sorted keys and no spaces, as RFC 8785 writes it: equal values give equal bytes. `python` writes it as Python's
 * `json.dumps(sort_keys=True, separators=(',', ':'))` does, with ASCII escapes and its own notation of small and large floats,
 * which is what the clients of both subnets sign and hash.
 */
export function canonicalJson(value: Json, style: 'rfc8785' | 'python' = 'rfc8785'): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'bigint') return style === 'python' ? String(value) : JSON.stringify(String(value))
  if (typeof value === 'number') return style === 'python' ? pythonNumber(value) : rfcNumber(value)
  if (typeof value === 'string')
    return style === 'python' ? asciiOnly(JSON.stringify(value)) : JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, style)).join(',')}]`
  const object = value as { readonly [key: string]: Json | undefined }
  const keys = Object.keys(object).filter((key) => object[key] !== undefined)
  const order = style === 'python' ? byCodePoint : byCodeUnit
  const members = keys
    .sort(order)
    .map((key) => `${canonicalJson(key, style)}:${canonicalJson(object[key]!, style)}`)
  return `{${members.join(',')}}`
}

function rfcNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('JSON has no NaN and no infinity')
  return JSON.stringify(value)
}

/** Largest and smallest decimal exponents that Python writes without an `e`. */
const PYTHON_MAX_EXPONENT = 16
const PYTHON_MIN_EXPONENT = -4

/** An integer in JavaScript is taken for a Python int, since JSON text of `2.0` is already lost. */
function pythonNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('JSON has no NaN and no infinity')
  if (Number.isInteger(value) && Math.abs(value) < 10 ** PYTHON_MAX_EXPONENT) return String(value)
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string]
  const exponent = Number(exponentText)
  if (exponent >= PYTHON_MIN_EXPONENT && exponent < PYTHON_MAX_EXPONENT)
    return plainDecimal(mantissa, exponent)
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function plainDecimal(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

function asciiOnly(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
