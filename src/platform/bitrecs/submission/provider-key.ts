import { fetchLimited, jsonOf } from './fetch-text'
import { denied, type Finding, faulty, found, missed } from './refusal'

const LIMITS = { timeoutMs: 20_000, maxBytes: 262_144 }

/**
 * Whether a miner's temporary OpenRouter key works for its model (§2.4, check 18): it is known, has something left, and answers
 * one token. The key appears in no message.
 */
export async function checkProviderKey(baseUrl: string, key: string, model: string): Promise<Finding<true>> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  try {
    const auth = await fetchLimited(`${baseUrl}/auth/key`, LIMITS, { headers })
    if (auth.status !== 200) return refused('provider_key_invalid', 'The OpenRouter key is not valid')
    const { data } = jsonOf(auth.body) as { data?: { limit_remaining?: number | null } }
    const left = data?.limit_remaining
    if (typeof left === 'number' && left <= 0) {
      return refused('provider_key_exhausted', 'The limit of the OpenRouter key is reached')
    }
    const messages = [{ role: 'user', content: 'Hi' }]
    const body = JSON.stringify({ model, max_tokens: 1, messages })
    const answer = await fetchLimited(`${baseUrl}/chat/completions`, LIMITS, {
      method: 'POST',
      headers,
      body,
    })
    if (answer.status === 200) return found(true)
    return refused(
      'provider_model_refused',
      `The OpenRouter key does not work for the model (${answer.status})`,
    )
  } catch {
    return missed(denied(500, 'provider_unreachable', 'The OpenRouter key could not be checked'))
  }
}

const refused = (code: string, reason: string) => missed(faulty(code, reason))
