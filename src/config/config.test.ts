import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config'
import { configurationTable, describeSettings, environmentExample } from './document'
import { ConfigError } from './option'

const root = path.resolve(__dirname, '../..')

describe('configuration', () => {
  it('indexes 67, 94 and 122 of the embedded devnet when nothing is set', () => {
    expect(readConfig({}, {})).toMatchObject({ network: 'devnet', netuids: [67, 94, 122], apiPort: 4350 })
  })

  it('prefers a flag over the environment, and the environment over the default', () => {
    expect(readConfig({ apiPort: '1' }, { SUBLEDGER_API_PORT: '2' }).apiPort).toBe(1)
    expect(readConfig({}, { SUBLEDGER_API_PORT: '2' }).apiPort).toBe(2)
  })

  it('takes a node of one’s own as a custom network', () => {
    expect(readConfig({ rpcUrl: 'ws://127.0.0.1:1', netuids: '122' }, {})).toMatchObject({
      network: 'custom',
      netuids: [122],
    })
  })

  it('asks for a subnet on a real chain', () => {
    expect(() => readConfig({ network: 'finney' }, {})).toThrow(/--netuid|No subnet/)
  })

  it('sorts netuids and drops repeated ones', () => {
    expect(readConfig({ netuids: '122, 94,122' }, {}).netuids).toEqual([94, 122])
  })

  it.each([
    ['SUBLEDGER_API_PORT', '70000'],
    ['SUBLEDGER_API_PORT', '1e3'],
    ['SUBLEDGER_NETUIDS', '4096'],
    ['SUBLEDGER_NETWORK', 'mainnet'],
    ['SUBLEDGER_READ_AHEAD', 'yes'],
    ['SUBLEDGER_RPC_URL', 'ftp://x'],
  ])('refuses %s=%s and names the variable', (name, value) => {
    expect(() => readConfig({}, { [name]: value })).toThrow(ConfigError)
    expect(() => readConfig({}, { [name]: value })).toThrow(name)
  })

  it('never prints a secret, neither in an error nor in the listing', () => {
    const secret = 'mysql://me:hunter2@host/db'
    expect(() => readConfig({}, { DATABASE_URL: secret })).toThrow(expect.not.stringContaining('hunter2'))
    const settings = readConfig({}, { DATABASE_URL: 'postgres://me:hunter2@host/db' })
    expect(describeSettings(settings)).not.toContain('hunter2')
  })

  it('offers the nearest name for an unknown variable', () => {
    expect(() => readConfig({}, { SUBLEDGER_NETUID: '122' })).toThrow('SUBLEDGER_NETUIDS')
  })
})

describe('the documents made from the options', () => {
  it('.env.example lists every variable with its default', () => {
    expect(readFileSync(path.join(root, '.env.example'), 'utf8')).toBe(environmentExample())
  })

  it('docs/configuration.md holds the table of options', () => {
    expect(readFileSync(path.join(root, 'docs/configuration.md'), 'utf8')).toContain(configurationTable())
  })
})
