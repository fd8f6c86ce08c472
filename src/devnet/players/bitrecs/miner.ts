import { randomBytes } from 'node:crypto'
import { encodeAddress } from '@polkadot/util-crypto'
import type { Gist } from '../../scenario/gist'

const SS58_PREFIX = 42
/** Version of the miner's program that the transport signature names. */
const CLIENT_VERSION = '2.0.0'

/** What the subnet's own miner program sends to /submit (spec bitrecs §2.2, §2.3). */
export async function submit(
  baseUrl: string,
  gist: Gist,
  nowMs: number,
): Promise<{ status: number; body: unknown }> {
  const { signer, hotkey } = {
    signer: gist.miner.hotkey,
    hotkey: encodeAddress(gist.miner.hotkey.account, SS58_PREFIX),
  }
  const sign = (text: string) => Buffer.from(signer.sign(Buffer.from(text))).toString('hex')
  const message = `${gist.createdAt}:${gist.account}:${gist.gistId}:${hotkey}`
  const timestamp = Math.floor(nowMs / 1_000)
  const [nonce, tNonce] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')]
  const response = await fetch(`${baseUrl}/submit`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-timestamp': String(timestamp),
      'x-nonce': nonce,
      'x-t-nonce': tNonce,
      'x-signature': sign(`${message}:${nonce}:${tNonce}:${CLIENT_VERSION}:${timestamp}`),
    },
    body: JSON.stringify({
      created_at: gist.createdAt,
      github_account: gist.account,
      gist_id: gist.gistId,
      hotkey,
      signature: sign(message),
    }),
  })
  return { status: response.status, body: await response.json() }
}
