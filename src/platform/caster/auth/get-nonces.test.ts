import { describe, expect, it } from 'vitest'
import { GetNonces } from './get-nonces'

const START_MS = 1_763_000_000_000
const WINDOW_SECONDS = 300

const signer = (requestHash: string, timestamp: number | null) => ({
  account: '0x00' as const,
  hotkey: '5',
  requestHash,
  strict: timestamp === null ? null : { timestamp, nonce: 'n'.repeat(16) },
})

describe('signed reading requests', () => {
  const start = START_MS / 1_000

  it('without a nonce pass as often as they come: that is the published form', () => {
    const nonces = new GetNonces(START_MS)
    for (let n = 0; n < 3; n++)
      expect(nonces.take(signer('a', null), START_MS, WINDOW_SECONDS)).toBeUndefined()
  })

  it('are forgotten when their time would not pass any more, and only so many are remembered', () => {
    const nonces = new GetNonces(START_MS)
    const take = (name: string, second: number, now = second) =>
      nonces.take(signer(name, second), now * 1_000, WINDOW_SECONDS)?.code
    for (let n = 0; n < 200_000; n++) expect(take(`${n}`, start + 10)).toBeUndefined()
    expect(take('0', start + 10)).toBe('signature_replayed')
    expect(take('one more', start + 10)).toBe('nonces_exhausted')
    expect(take('one more', start + 311)).toBeUndefined()
  })
})
