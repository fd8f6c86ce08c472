import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../database/test-database'
import { forgetExpiredKeys, keepKey, readKey } from './temp-keys'

const [alice, bob] = ['aa', 'bb'].map((byte) => `0x${byte.repeat(32)}`) as [string, string]

describe('keys of miners', () => {
  let test: TestDatabase
  let pool: Pool
  beforeAll(async () => {
    test = await createTestDatabase()
    pool = new Pool({ connectionString: test.url })
    pool.on('error', () => undefined)
  })
  afterAll(async () => {
    await pool.end()
    await test.drop()
  })

  it('are read by subnet and hotkey until they expire, and then they are gone', async () => {
    await keepKey(pool, 122, alice, 'first')
    await keepKey(pool, 122, alice, 'second')
    await keepKey(pool, 122, bob, 'other')
    expect(await readKey(pool, 122, alice)).toBe('second')
    expect(await readKey(pool, 296, alice)).toBeNull()
    const { rows } = await pool.query(
      `select extract(epoch from expires_at - now())::int as left from bitrecs_temp_key where key = 'second'`,
    )
    expect(rows[0].left).toBeGreaterThan(3.9 * 3600)
    expect(rows[0].left).toBeLessThanOrEqual(4 * 3600)
    await pool.query(`update bitrecs_temp_key set expires_at = now() where key = 'second'`)
    expect(await readKey(pool, 122, alice)).toBeNull()
    await forgetExpiredKeys(pool, 122)
    expect((await pool.query('select key from bitrecs_temp_key')).rows).toEqual([{ key: 'other' }])
  })
})
