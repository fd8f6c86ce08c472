import type { ApiContext } from '../graphql/context'

/**
 * Hands one value to a live query, and cuts the connection when the client has not taken it in time. Nothing piles up
 * for a slow client meanwhile (the next page is read only when it asks); this frees its place.
 */
export async function* untilStalled<T>({ api, response }: ApiContext, value: T): AsyncGenerator<T> {
  const timer = setTimeout(() => {
    api.live.countDropped()
    response?.destroy()
  }, api.limits.slowClientTimeoutMs)
  try {
    yield value
  } finally {
    clearTimeout(timer)
  }
}
