import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { getMetadataArgsStorage } from 'typeorm'
import { describe, expect, it } from 'vitest'
import { createDataSource } from '../database/data-source'
import { projectRoot } from '../database/project-root'
import { createTestDatabase } from '../database/test-database'
import * as model from '.'

const root = projectRoot()

describe('schema.graphql, src/model and db/migrations', () => {
  it('agree: TypeORM would change nothing in the migrated tables', async () => {
    const database = await createTestDatabase()
    const source = createDataSource({ url: database.url, entities: Object.values(model) as never })
    await source.initialize()
    try {
      const pending = await source.driver.createSchemaBuilder().log()
      expect(pending.upQueries.map((q) => q.query)).toEqual([])
      expect(source.entityMetadatas.length).toBe(getMetadataArgsStorage().tables.length)
    } finally {
      await source.destroy()
      await database.drop()
    }
  })

  it('agree: generating the model again from schema.graphql gives the files that are committed', () => {
    const scratch = mkdtempSync(path.join(os.tmpdir(), 'subledger-codegen-'))
    try {
      cpSync(path.join(root, 'schema.graphql'), path.join(scratch, 'schema.graphql'))
      const codegen = require.resolve('@subsquid/typeorm-codegen/bin/run.js')
      execFileSync(process.execPath, [codegen], { cwd: scratch })
      const generated = path.join(scratch, 'src/model/generated')
      const committed = path.join(root, 'src/model/generated')
      expect(readdirSync(generated).sort()).toEqual(readdirSync(committed).sort())
      for (const file of readdirSync(generated)) {
        expect(readFileSync(path.join(committed, file), 'utf8'), file).toBe(
          readFileSync(path.join(generated, file), 'utf8'),
        )
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  })
})
