import { describe, expect, it } from 'vitest'
import { checkContinuity } from './continuity'

const block = (height: number, hash = `0x${height}`, parentHash = `0x${height - 1}`) => ({
  height,
  hash,
  parentHash,
})

describe('continuity of blocks', () => {
  it('takes blocks that follow each other, and any first block of an empty log', () => {
    checkContinuity({ height: 4, hash: '0x4' }, [block(5), block(6)])
    checkContinuity({ height: -1, hash: '0x' }, [block(70), block(71)])
  })

  it.each([
    ['after the last indexed one', { height: 4, hash: '0x4' }, [block(6)]],
    ['within a batch', { height: 4, hash: '0x4' }, [block(5), block(7)]],
    ['backwards', { height: 4, hash: '0x4' }, [block(4)]],
  ])('stops at a missing height %s', (_, last, blocks) => {
    expect(() => checkContinuity(last, blocks)).toThrowError(
      expect.objectContaining({ code: 'SL-CHAIN-GAP', kind: 'contradiction' }),
    )
  })

  it('stops at a block of another parent and names both hashes', () => {
    expect(() => checkContinuity({ height: 4, hash: '0x4' }, [block(5, '0x5', '0xother')])).toThrowError(
      expect.objectContaining({
        code: 'SL-CHAIN-CONTRADICTION',
        facts: { height: 5, hash: '0x5', parentHash: '0xother', indexedHash: '0x4' },
      }),
    )
  })
})
