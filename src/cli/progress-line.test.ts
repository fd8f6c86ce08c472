import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { duration, ProgressLine } from './progress-line'

function shown(isTTY: boolean, steps: readonly [height: number, atMs: number][]): string {
  const out = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream
  let now = 0
  const line = new ProgressLine(out, () => now)
  for (const [height, atMs] of steps) {
    now = atMs
    line.show({ height, head: 1000, blocksPerSecond: 123.4, secondsLeft: (1000 - height) / 123.4 })
  }
  return (out as unknown as PassThrough).read()?.toString() ?? ''
}

describe('the progress line', () => {
  it('tells height, speed and time left while catching up', () => {
    expect(shown(false, [[500, 20_000]])).toBe('block 500 of 1000, 123 blocks/s, 5 s left\n')
  })

  it('speaks at most every ten seconds where nobody watches', () => {
    const text = shown(false, [
      [100, 10_000],
      [200, 15_000],
      [300, 20_000],
    ])
    expect(text.split('\n')).toHaveLength(3)
  })

  it('says once that it has caught up', () => {
    const text = shown(false, [
      [1000, 10_000],
      [1000, 30_000],
    ])
    expect(text).toBe('caught up at block 1000\n')
  })

  it('rewrites its line on a terminal', () => {
    expect(shown(true, [[500, 20_000]])).toSatisfy((text: string) => text.startsWith('\r\u001b[2K'))
  })

  it.each([
    [1, '1 s'],
    [89, '89 s'],
    [600, '10 min'],
    [12_000, '3 h 20 min'],
  ])('writes %d seconds as %s', (seconds, text) => expect(duration(seconds)).toBe(text))
})
