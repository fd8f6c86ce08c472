import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestPlatform } from './test/test-platform'

/** What comes before any route: an unknown path is answered with this code. */
const NO_ROUTE = 'SL-API-NO-ROUTE'

interface Operation {
  readonly summary?: string
  readonly responses: Readonly<Record<string, unknown>>
}

describe('the OpenAPI document of the Bitrecs platform', () => {
  let platform: TestPlatform
  let operations: [method: string, path: string, operation: Operation][]
  beforeAll(async () => {
    platform = await TestPlatform.start()
    const { body } = await platform.request('GET', '/openapi.json')
    expect(body.openapi).toBe('3.1.0')
    operations = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(
          ([method, operation]) => [method, path, operation] as [string, string, Operation],
        ),
    )
  })
  afterAll(() => platform.close())

  it('names every route', () => {
    const documented = operations.map(([method, path]) => `${method.toUpperCase()} ${path}`)
    const written = platform.app.printRoutes({ commonPrefix: false })
    const routes = [...written.matchAll(/^[^/\w]*(\/\S*) \(([A-Z, ]+)\)/gm)].flatMap(([, path, methods]) =>
      methods!.split(', ').map((method) => `${method} ${path}`),
    )
    const own = routes.filter((route) => !/^HEAD|openapi/.test(route))
    expect(own.length).toBeGreaterThan(5)
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
      const { status, body } = await platform.request(
        method.toUpperCase(),
        path,
        method === 'post' ? {} : undefined,
      )
      expect([path, body?.error?.code]).not.toEqual([path, NO_ROUTE])
      expect([path, Object.keys(responses)]).toEqual([path, expect.arrayContaining([String(status)])])
    }
  })
})
