import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'

const { resolve } = createRequire(import.meta.url)

export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  // The compiled program loads these as CommonJS; ES modules here would bring a second, foreign graphql.
  resolve: {
    alias: ['graphql', 'graphql-yoga'].map((name) => ({
      find: new RegExp(`^${name}$`),
      replacement: resolve(name),
    })),
  },
  test: {
    include: ['src/**/*.test.ts', 'abi/**/*.test.ts'],
    globalSetup: ['src/database/test-server.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
