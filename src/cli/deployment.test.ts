import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { options } from '../config/options'
import { createProgram } from './program'

const root = path.resolve(__dirname, '../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

const commands = createProgram().commands.map((c) => c.name())
const variables = Object.values(options).map((o) => o.env)

interface Service {
  readonly image?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly volumes?: readonly string[]
}

describe('docker-compose.yml', () => {
  const compose = parse(read('docker-compose.yml'), { merge: true }) as {
    services: Record<string, Service>
    volumes: Record<string, unknown>
  }

  it('holds PostgreSQL, Kafka, the indexer and the API', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['api', 'index', 'kafka', 'postgres'])
  })

  it('runs commands that exist', () => {
    const run = Object.values(compose.services).flatMap((s) => s.command ?? [])
    expect(run.length).toBeGreaterThan(0)
    expect(run.filter((c) => !commands.includes(c))).toEqual([])
  })

  it('sets variables that exist', () => {
    const ours = [compose.services.index!, compose.services.api!].flatMap((s) =>
      Object.keys(s.environment ?? {}),
    )
    expect(ours).toContain('DATABASE_URL')
    expect(ours.filter((name) => !variables.includes(name))).toEqual([])
  })

  it('waits for services and mounts volumes that it declares', () => {
    for (const service of Object.values(compose.services)) {
      for (const name of Object.keys(service.depends_on ?? {})) expect(compose.services).toHaveProperty(name)
      for (const volume of service.volumes ?? [])
        expect(compose.volumes).toHaveProperty(volume.split(':')[0]!)
    }
  })

  it('uses a PostgreSQL that is supported', () => {
    const major = Number(/^postgres:(\d+)/.exec(compose.services.postgres!.image!)?.[1])
    expect(major).toBeGreaterThanOrEqual(15)
    expect(major).toBeLessThanOrEqual(18)
  })
})

describe('squid.yaml', () => {
  const squid = parse(read('squid.yaml')) as {
    manifestVersion: string
    deploy: { env: Record<string, string>; processor: { cmd: string[] }; api: { cmd: string[] } }
  }

  it('starts the indexer and the API from the compiled command line', () => {
    const main = (parse(read('package.json')) as { bin: { subledger: string } }).bin.subledger
    for (const [role, command] of [
      ['processor', 'index'],
      ['api', 'api'],
    ] as const) {
      expect(squid.deploy[role].cmd).toContain(main)
      expect(squid.deploy[role].cmd.at(-1)).toBe(command)
      expect(commands).toContain(command)
    }
  })

  it('sets variables that exist', () => {
    expect(Object.keys(squid.deploy.env).filter((name) => !variables.includes(name))).toEqual([])
  })
})

describe('Dockerfile', () => {
  it('starts a command that exists from files that the build makes', () => {
    const text = read('Dockerfile')
    expect(text).toContain('"lib/src/cli/main.js"')
    expect(commands).toContain(/CMD \["(\w+)"\]\s*$/.exec(text)?.[1])
    for (const name of text.matchAll(/(SUBLEDGER_\w+)=/g)) expect(variables).toContain(name[1])
  })
})
