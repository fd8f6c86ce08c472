import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.resolve(__dirname, '..')

/** Design §1: a module imports only from layers above its own (a smaller number), or from itself. */
const layerOf: Record<string, number> = {
  abi: 0,
  'src/errors': 0,
  'src/config': 1,
  'src/rpc': 1,
  'src/http': 1,
  'src/runner': 1,
  'src/timelock': 1,
  'src/observability': 1,
  'src/log': 2,
  'src/database': 2,
  'src/model': 2,
  'src/chain': 3,
  'src/platform': 3,
  'src/projections': 4,
  'src/mechanisms': 5,
  'src/engine': 6,
  'src/api': 7,
  'src/stream': 7,
  'src/validator': 7,
  'src/explorer': 7,
  'src/cli': 8,
  'src/bench': 9,
  'src/devnet': 9,
}

/** Pairs of one layer that may know each other: the log's tables and the database that holds them. */
const siblings: Record<string, readonly string[]> = {
  'src/log': ['src/database'],
  'src/database': ['src/log', 'src/model'],
}

/** The command line starts the devnet; nothing else of production does. */
const devnetStarters = ['src/cli', 'src/bench', 'src/devnet']

interface Import {
  readonly file: string
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const moduleOf = (file: string) =>
  file.startsWith('abi/') ? 'abi' : file.split('/').slice(0, 2).join('/').replace(/\.ts$/, '')

function sourceFiles(): string[] {
  return ['src', 'abi'].flatMap((top) =>
    readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' })
      .map((f) => `${top}/${f}`)
      .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts')),
  )
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8')
  const pattern = /(?:import|export)\s+(type\s+)?(?:[\s\S]*?\sfrom\s+)?'(\.[^']*)'|import\('(\.[^']*)'\)/g
  return [...text.matchAll(pattern)].map((m) => ({
    file,
    from: moduleOf(file),
    to: moduleOf(path.posix.normalize(path.posix.join(path.posix.dirname(file), m[2] ?? m[3]!))),
    typeOnly: m[1] !== undefined,
  }))
}

const imports = sourceFiles().flatMap(importsOf)
const show = (i: Import) => `${i.file} imports ${i.to}`

describe('the way of the data (design §1)', () => {
  it('knows the layer of every module', () => {
    const unknown = new Set(imports.flatMap((i) => [i.from, i.to]).filter((m) => layerOf[m] === undefined))
    expect([...unknown].filter((m) => m !== 'src/architecture')).toEqual([])
  })

  it('never flows backwards', () => {
    const backwards = imports.filter(({ from, to }) => {
      if (from === to || to === 'src/devnet' || siblings[from]?.includes(to)) return false
      return layerOf[to]! >= layerOf[from]!
    })
    expect(backwards.map(show)).toEqual([])
  })

  it('keeps the devnet out of production code', () => {
    const uses = imports.filter((i) => i.to === 'src/devnet' && !devnetStarters.includes(i.from))
    expect(uses.filter((i) => !/test-/.test(i.file)).map(show)).toEqual([])
  })

  it('makes every connection where its breaking off is heard', () => {
    const makers = sourceFiles().filter((file) => {
      const text = readFileSync(path.join(root, file), 'utf8')
      return /from 'pg'/.test(text) && /new (pg\.)?(Client|Pool)\(/.test(text)
    })
    expect(makers).toEqual(['src/database/connect.ts'])
  })

  it('keeps mechanisms free of everything but types and errors', () => {
    const impure = imports.filter(
      (i) => i.from === 'src/mechanisms' && i.to !== 'src/mechanisms' && !i.typeOnly && i.to !== 'src/errors',
    )
    expect(impure.map(show)).toEqual([])
  })

  it.each(['src/chain/decode', 'src/chain/state', 'src/mechanisms'])(
    'lets no clock, randomness, environment or input/output into %s',
    (pure) => {
      const forbidden =
        /\b(Date\.now|new Date\(\)|Math\.random|process\.env|from '(node:)?(fs|net|http|https|pg|typeorm)')/
      const impure = sourceFiles()
        .filter((f) => f.startsWith(`${pure}/`))
        .filter((f) => forbidden.test(readFileSync(path.join(root, f), 'utf8')))
      expect(impure).toEqual([])
    },
  )
})
