/** Integers as decimal strings, flags as booleans, pairs and the like as canonical JSON text, accounts as hex. */
export function parameterValue(value: unknown): string | boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number' || typeof value === 'bigint') return `${value}`
  if (typeof value === 'string') return value
  return JSON.stringify(value)
}
