import { text } from 'node:stream/consumers'
import { LedgerError } from '../errors/ledger-error'

/** Largest JSON document read from standard input (bytes). */
const MAX_INPUT_BYTES = 256 * 1024 * 1024

/** The JSON document on standard input. @throws LedgerError SL-INPUT-JSON */
export async function readJsonInput(input: NodeJS.ReadableStream = process.stdin): Promise<unknown> {
  const given = await text(input)
  try {
    if (given.length > MAX_INPUT_BYTES) throw new Error(`longer than ${MAX_INPUT_BYTES} bytes`)
    return JSON.parse(given)
  } catch (error) {
    throw new LedgerError(
      'SL-INPUT-JSON',
      'user',
      `Standard input is not JSON: ${(error as Error).message}.`,
      {
        remedy: 'Give the document on standard input, e.g. `subledger decide bitrecs < vector.json`.',
      },
    )
  }
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}
