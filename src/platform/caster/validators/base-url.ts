import { isIP } from 'node:net'
import { isPrivateAddress } from '../../../http/private-address'
import type { Fault } from '../auth/faults'

const URL_MAX_CHARS = 300
/** Names that mean the reader's own machine or network whoever asks. */
const OWN_NAME = /(^|\.)(localhost|local|internal|lan|home|localdomain)\.?$/i

/**
 * The address of a validator as it is kept, without a slash at its end; or why it is none. A name is looked at again when it is connected
 * to, since it can point elsewhere by then.
 */
export function readBaseUrl(text: string, isPrivateAllowed: boolean): string | Fault {
  const no = (code: string, reason: string): Fault => ({ status: 422, code, reason })
  if (text.length > URL_MAX_CHARS || !URL.canParse(text)) return no('base_url_invalid', 'base_url is no URL')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return no('base_url_invalid', 'base_url begins with neither http:// nor https://')
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return no('base_url_invalid', 'base_url has a name, a password, a query or a fragment')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isOwn = isIP(host) === 0 ? OWN_NAME.test(host) : isPrivateAddress(host)
  if (isOwn && !isPrivateAllowed) return no('base_url_private', 'base_url is an address of a private network')
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}
