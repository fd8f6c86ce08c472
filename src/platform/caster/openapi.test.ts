import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casterRules as rules } from '../../engine/systems/caster-rules'
import { TestPlatform } from './test/test-platform'

const ID = '00000000-0000-4000-8000-000000000000'

interface Operation {
  readonly summary?: string
  readonly responses: Readonly<Record<string, unknown>>
}

describe('the OpenAPI document of the Caster platform', () => {
  let platform: TestPlatform
  let operations: [method: string, path: string, operation: Operation][]
  beforeAll(async () => {
    platform = await TestPlatform.start({ rules })
    expect(platform.document.openapi).toBe('3.1.0')
    operations = Object.entries(platform.document.paths as Record<string, Record<string, Operation>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, of]) => [method, path, of] as [string, string, Operation]),
    )
  })
  afterAll(() => platform.close())

  it('names every route', () => {
    const documented = operations.map(([method, path]) => `${method.toUpperCase()} ${path}`)
    const routes = routesOf(platform.app.printRoutes({ commonPrefix: false }))
    const own = routes.filter((route) => !/^HEAD|openapi/.test(route))
    expect(own.length).toBeGreaterThan(15)
    expect(own.filter((route) => !documented.includes(route.replace(/:(\w+)/g, '{$1}')))).toEqual([])
  })

  it('says what each one does and answers', () => {
    const bare = operations.filter(
      ([, , { summary, responses }]) =>
        !summary || Object.keys(responses).every((status) => status === 'default'),
    )
    expect(bare.map(([method, path]) => `${method} ${path}`)).toEqual([])
  })

  it('names no route that is not there, and each answers as it says', async () => {
    for (const [method, path, { responses }] of operations) {
      const response = await fetch(`${platform.url}${path.replace(/\{\w+\}/g, ID)}`, {
        method: method.toUpperCase(),
        ...(method === 'post' && { body: '{}', headers: { 'content-type': 'application/json' } }),
      })
      const text = await response.text()
      expect([path, text]).not.toEqual([path, expect.stringContaining('SL-API-NO-ROUTE')])
      expect([path, Object.keys(responses)]).toEqual([
        path,
        expect.arrayContaining([String(response.status)]),
      ])
    }
  })
})

/** The printed tree of routes as whole paths; each level is four characters further in. */
function routesOf(tree: string): string[] {
  const parents: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, indent, part, methods] = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? []
    if (indent === undefined || part === undefined) return []
    const depth = indent.length / 4
    parents.splice(depth, parents.length, part)
    const path = parents.join('')
    return methods ? methods.split(', ').map((method) => `${method} ${path}`) : []
  })
}
