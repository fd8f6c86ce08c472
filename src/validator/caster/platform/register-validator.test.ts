import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signaturesReady } from '../../../platform/core/signatures'
import { signerFrom, TestPlatform } from '../test-platform'
import { PlatformClient } from './platform-client'
import { registerValidator } from './register-validator'

describe('registration with the platform', () => {
  let platform: TestPlatform
  const client = (uri = '//CasterValidator') =>
    new PlatformClient({ baseUrl: platform.url, signer: signerFrom(uri) })
  const signal = AbortSignal.timeout(30_000)

  beforeEach(async () => {
    await signaturesReady()
    platform = await TestPlatform.start(signerFrom('//CasterOwner'), signerFrom('//CasterValidator').address)
  })
  afterEach(() => platform.close())

  it('tells where the validator is reached, signed', async () => {
    await registerValidator(client(), 'https://v.example:8100', { signal })
    expect(platform.registered).toEqual(['https://v.example:8100'])
  })

  it('is tried again while the platform is not there yet', async () => {
    let failures = 3
    platform.intercept = (_, response) => {
      if (failures-- <= 0) return false
      response.writeHead(503).end('{}')
      return true
    }
    await registerValidator(client(), 'https://v.example', { signal, pauseMs: 5 })
    expect(platform.asked).toHaveLength(4)
  })

  it('ends after thirty tries', async () => {
    platform.intercept = (_, response) => {
      response.writeHead(500).end('{}')
      return true
    }
    await expect(
      registerValidator(client(), 'https://v.example', { signal, pauseMs: 1 }),
    ).rejects.toMatchObject({
      code: 'SL-PLATFORM-REFUSES',
      facts: { attempts: 30 },
    })
  })

  it('is not tried again by a hotkey that the platform does not know', async () => {
    await expect(
      registerValidator(client('//Nobody'), 'https://v.example', { signal }),
    ).rejects.toMatchObject({
      code: 'SL-PLATFORM-REFUSES',
      message: expect.stringContaining('unknown_hotkey'),
      facts: { attempts: 1 },
    })
  })
})
