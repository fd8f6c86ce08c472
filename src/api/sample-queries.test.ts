import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleQueries } from './http/sample-queries'
import { startTestApi, type TestApi } from './test-api'
import { registrationDraft } from './test-drafts'

const names = parse(sampleQueries).definitions.flatMap((definition) =>
  definition.kind === 'OperationDefinition' && definition.operation === 'query'
    ? [definition.name!.value]
    : [],
)

describe('the sample queries of GraphiQL', () => {
  let test: TestApi
  beforeAll(async () => {
    test = await startTestApi()
    await test.index(10, [registrationDraft({ height: 3, uid: 0 })])
  })
  afterAll(() => test.close())

  it.each(names)('%s is answered, by the executor as by compiled code', async (operationName) => {
    const answers: unknown[] = []
    for (let i = 0; i < 4; i += 1) {
      const response = await fetch(`${test.api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: sampleQueries, operationName }),
      })
      answers.push(await response.json())
    }
    expect(answers[0]).not.toHaveProperty('errors')
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })
})
