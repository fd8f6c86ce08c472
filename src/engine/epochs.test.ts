import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocksUntilEpoch, decisionHeightAfter, epochIndex, leadBlocks } from './epochs'

const netuid = fc.integer({ min: 0, max: 65_535 })
const tempo = fc.integer({ min: 1, max: 65_535 })
const height = fc.integer({ min: 0, max: 10_000_000 })

describe('when weights are decided', () => {
  it('is 30 blocks before the epoch runs: tempo 360 on netuid 122', () => {
    const at = decisionHeightAfter(1_000, 122, 360)!
    expect(blocksUntilEpoch(at, 122, 360)).toBe(30)
    expect(epochIndex(at + 30, 122, 360)).toBe(epochIndex(at, 122, 360))
    expect(epochIndex(at + 31, 122, 360)).toBe(epochIndex(at, 122, 360) + 1)
  })

  it('is half a tempo before when the tempo is shorter than 60', () => {
    expect(leadBlocks(20)).toBe(10)
    expect(leadBlocks(360)).toBe(30)
  })

  it('comes once an epoch, never twice and never not', () => {
    fc.assert(
      fc.property(height, netuid, tempo, (from, n, t) => {
        const first = decisionHeightAfter(from, n, t)!
        const second = decisionHeightAfter(first, n, t)!
        expect(first).toBeGreaterThan(from)
        expect(first - from).toBeLessThanOrEqual(t + 1)
        expect(second - first).toBe(t + 1)
        expect(epochIndex(second, n, t)).toBe(epochIndex(first, n, t) + 1)
      }),
    )
  })

  it('never comes without a tempo', () => {
    expect(decisionHeightAfter(5, 122, undefined)).toBeUndefined()
    expect(decisionHeightAfter(5, 122, 0)).toBeUndefined()
  })
})
