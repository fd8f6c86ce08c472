import { describe, expect, it } from 'vitest'
import { randomFrom } from '../seeded-random'
import { Frontier } from './frontier'
import { hashLeaf } from './hash'
import { KeptTree } from './kept-tree'
import { verifyInclusion } from './verify'

const SEED = 11

/** What the tables of a growing log answer, and how many questions they were asked. */
class StoredLog {
  readonly leaves: string[] = []
  private readonly frontier = new Frontier()
  private readonly tiles = new Map<string, string>()
  questions = 0

  grow(count: number): void {
    for (let i = 0; i < count; i++) {
      const leaf = hashLeaf(`event ${this.leaves.length}`)
      this.leaves.push(leaf)
      this.frontier.push(leaf, ({ level, index, hash }) => this.tiles.set(`${level}/${index}`, hash))
    }
  }

  get root(): string {
    return this.frontier.root()
  }

  async query({ values }: { values: [string, number, number[], number[], number[]] }) {
    this.questions += 1
    const [, , levels, firsts, lasts] = values
    const rows = levels.flatMap((level, i) => {
      const found: { n: number; hash: string }[] = []
      for (let at = firsts[i]!; at < lasts[i]!; at++) {
        const hash = level === 0 ? this.leaves[at] : this.tiles.get(`${level}/${at}`)
        if (hash) found.push({ n: i + 1, hash })
      }
      return found
    })
    return { rows }
  }
}

const treeOf = (log: StoredLog) => new KeptTree(log as never, { log: 'chain', netuid: 122 })

describe('a tree that is kept', () => {
  it(`proves every leaf while its log grows (seed ${SEED})`, async () => {
    const log = new StoredLog()
    const tree = treeOf(log)
    const random = randomFrom(SEED)
    for (let step = 0; step < 60; step++) {
      log.grow(1 + random(step % 10 === 0 ? 9_000 : 90))
      const size = log.leaves.length
      expect(await tree.root(size)).toBe(log.root)
      const seqs = Array.from({ length: 20 }, () => random(size))
      const found = await tree.inclusions(seqs, size)
      for (const [i, { leaf, hashes }] of found.entries()) {
        expect(leaf).toBe(log.leaves[seqs[i]!])
        expect(verifyInclusion(leaf, seqs[i]!, size, hashes, log.root)).toBe(true)
      }
    }
  })

  it('asks for a tile once', async () => {
    const log = new StoredLog()
    const tree = treeOf(log)
    log.grow(5_000)
    for (let seq = 0; seq < 256; seq++) await tree.inclusions([seq], 5_000)
    const { questions } = log
    for (let seq = 0; seq < 256; seq++) await tree.inclusions([255 - seq], 5_000)
    expect(log.questions).toBe(questions)
    expect(questions).toBeLessThan(5)
  })

  it('says so when a hash is not there', async () => {
    const log = new StoredLog()
    log.grow(300)
    await expect(treeOf(log).inclusions([310], 400)).rejects.toThrow(/tile 0\/1 is missing/)
  })
})
