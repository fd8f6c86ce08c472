import type { Settings } from './config'
import { options } from './options'

/** The configuration table of docs/configuration.md; a test keeps the file equal to this. */
export function configurationTable(): string {
  const rows = Object.values(options).map((o) => {
    const flag = o.flag ? `\`--${o.flag} ${o.placeholder.replaceAll('|', '\\|')}\`` : '–'
    return `| \`${o.env}\` | ${flag} | ${o.defaultText ? `\`${o.defaultText}\`` : '–'} | ${o.describe} |`
  })
  return ['| variable | flag | default | what it sets |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}

/** `.env.example`: every variable, commented out, with its default. */
export function environmentExample(): string {
  const entries = Object.values(options).map((o) => `# ${o.describe}\n# ${o.env}=${o.defaultText}\n`)
  return `# Every variable of Subledger with its default. Copy to .env and uncomment what you change.\n\n${entries.join('\n')}`
}

/** The settings in force, one line each, secrets masked. */
export function describeSettings(settings: Settings): string {
  return Object.entries(options)
    .map(([name, o]) => {
      const value = settings[name as keyof Settings]
      const shown = value === undefined ? '' : o.secret ? '***' : String(value)
      return `${o.env}=${shown}`
    })
    .join('\n')
}
