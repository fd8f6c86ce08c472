import { createHash } from 'node:crypto'
import { Client, Pool } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { indexTestBlocks } from '../../database/test-blocks'
import { createTestDatabase, type TestDatabase } from '../../database/test-database'
import { logHead, readEvents } from '../../log/read'
import { readBlob } from './blobs'
import { CommandLog, type CommandLogOptions } from './command-log'
import type { Command, Decider } from './decider'
import { draft, is } from './platform-event'

interface Names {
  readonly taken: string[]
}

/** A system whose only rule is that a name is taken once. */
const names: Decider<Names> = {
  system: 'names',
  initial: () => ({ taken: [] }),
  evolve: (state, event) => {
    if (is(event, 'PolicySet')) state.taken.push(event.payload.policyId)
  },
}

const take =
  (name: string): Command<Names, 'taken' | 'refused'> =>
  (state, { timeMs }) => {
    if (state.taken.includes(name)) {
      const refusal = { system: 'names', command: 'take', code: 'taken', status: 409, reason: 'taken' }
      const event = draft('CommandRefused', { ...refusal, subject: name, requestHash: null, at: timeMs })
      return { events: [event], reply: 'refused' }
    }
    const policy = { system: 'names', policyId: name, effectiveFromBlock: 0, policy: {} }
    return {
      events: [draft('PolicySet', { ...policy, origin: 'operator', at: timeMs })],
      reply: 'taken',
    }
  }

const id = { log: 'platform', netuid: 122 } as const

describe('the command log', () => {
  let test: TestDatabase
  let pool: Pool
  const opened: CommandLog<Names>[] = []
  const open = async (over: Partial<CommandLogOptions> = {}) => {
    const log = await CommandLog.open(names, {
      databaseUrl: test.url,
      netuid: 122,
      clock: () => 1_763_000_000_000,
      project: async () => undefined,
      ...over,
    })
    opened.push(log)
    return log
  }
  beforeEach(async () => {
    test = await createTestDatabase()
    pool = new Pool({ connectionString: test.url })
    await indexTestBlocks(test.url, 10)
  })
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close()
    await pool.end()
    await test.drop()
  })

  it('decides each command on the state that the one before left, however many come at once', async () => {
    const log = await open()
    const replies = await Promise.all(Array.from({ length: 100 }, () => log.execute(take('alpha'))))
    expect(replies.filter((reply) => reply === 'taken')).toHaveLength(1)
    const events = await readEvents(pool, id)
    expect(events.map((event) => event.type)).toEqual([
      'PolicySet',
      ...Array.from({ length: 99 }, () => 'CommandRefused'),
    ])
    expect(events[0]).toMatchObject({ seq: 0, height: 10, blockTime: 1_763_000_120_000 })
  })

  it('has the same state after a restart', async () => {
    const log = await open()
    await log.execute(take('alpha'))
    await log.execute(take('beta'))
    await log.close()
    const again = await open()
    expect(again.state).toEqual({ taken: ['alpha', 'beta'] })
    expect(await again.execute(take('beta'))).toBe('refused')
  })

  it('ties events to the block that is finalized when they come', async () => {
    const log = await open()
    await log.execute(take('alpha'))
    await indexTestBlocks(test.url, 12, 10)
    await log.execute(take('beta'))
    expect((await readEvents(pool, id)).map((event) => event.height)).toEqual([10, 12])
  })

  it('answers nobody and keeps nothing of a batch that cannot be committed, and goes on from the log', async () => {
    let broken = false
    const log = await open({
      project: async () => {
        if (broken) throw new Error('the projection fails')
      },
    })
    await log.execute(take('alpha'))
    broken = true
    await expect(log.execute(take('beta'))).rejects.toMatchObject({ code: 'SL-COMMIT-FAILED' })
    broken = false
    expect(await log.execute(take('beta'))).toBe('taken')
    expect(log.state).toEqual({ taken: ['alpha', 'beta'] })
    expect((await logHead(pool, id))?.size).toBe(2)
  })

  it('refuses a command that throws alone; the others of its batch are decided', async () => {
    const log = await open()
    const [bad, good] = await Promise.allSettled([
      log.execute(() => {
        throw new Error('no such thing')
      }),
      log.execute(take('alpha')),
    ])
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'no such thing' } })
    expect(good).toMatchObject({ status: 'fulfilled', value: 'taken' })
  })

  it('keeps content beside the log, in the same transaction', async () => {
    const log = await open()
    const bytes = Buffer.from('a patch')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await log.execute((state, moment) => ({ ...take('alpha')(state, moment), blobs: [{ sha256, bytes }] }))
    expect(await readBlob(pool, sha256)).toEqual(bytes)
    await expect(pool.query('update platform_blob set bytes = $1', [Buffer.from('x')])).rejects.toThrow(
      'SL-APPEND-ONLY',
    )
  })

  it('refuses a second writer of the same log, and lets another subnet be', async () => {
    await open()
    await expect(open()).rejects.toMatchObject({ code: 'SL-SECOND-WRITER' })
    await open({ netuid: 67 })
  }, 20_000)

  it('finishes what was accepted before it closes, and takes nothing after', async () => {
    const log = await open()
    const accepted = log.execute(take('alpha'))
    const closing = log.close()
    await expect(log.execute(take('beta'))).rejects.toMatchObject({ code: 'SL-PLATFORM-CLOSED' })
    expect(await accepted).toBe('taken')
    await closing
  })

  it('refuses commands before the first block', async () => {
    const empty = await createTestDatabase()
    try {
      const log = await open({ databaseUrl: empty.url })
      await expect(log.execute(take('alpha'))).rejects.toMatchObject({ code: 'SL-NOTHING-INDEXED' })
      await log.close()
    } finally {
      await empty.drop()
    }
  })

  it('announces what it committed to whoever listens', async () => {
    const listener = new Client({ connectionString: test.url })
    await listener.connect()
    await listener.query('listen subledger_head')
    const heard = new Promise<string>((resolve) => listener.on('notification', (n) => resolve(n.payload!)))
    const log = await open()
    await log.execute(take('alpha'))
    expect(JSON.parse(await heard)).toMatchObject({ height: 10, logs: [['platform', 122]] })
    await listener.end()
  })
})
