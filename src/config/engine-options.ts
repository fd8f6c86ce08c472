import { flag, optionalUrl, text } from './option'

/** Subnet systems, their engine and its alarms. */
export const engineOptions = {
  systems: text(
    {
      env: 'SUBLEDGER_SYSTEMS',
      flag: 'systems',
      describe:
        'Which subnet system runs on which subnet, e.g. bitrecs:122,caster:67. auto: each on its own netuid, if that is indexed. none.',
    },
    'NAME:N[,…]',
    'auto',
  ),
  alarmWebhookUrl: optionalUrl(
    {
      env: 'SUBLEDGER_ALARM_WEBHOOK_URL',
      flag: 'alarm-webhook',
      describe:
        'Where alarms are posted as JSON: set weights that differ from the recommended ones, and what was not understood on the chain.',
    },
    ['http', 'https'],
  ),
  trustProxy: flag(
    {
      env: 'SUBLEDGER_TRUST_PROXY',
      flag: 'trust-proxy',
      describe:
        'Take clients’ addresses from X-Forwarded-For, for rate limits. Only behind a proxy of your own.',
    },
    false,
  ),
}
