export interface EventStream {
  /** The next `event: next` as JSON; undefined when the stream has ended. */
  // biome-ignore lint/suspicious/noExplicitAny: shapes differ from query to query
  next(): Promise<any>
  /** Hangs up, as a client that goes away does. */
  close(): void
}

/** A client of server-sent events that reads no faster than it is asked to. */
export async function openStream(url: string, query: string): Promise<EventStream> {
  const controller = new AbortController()
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
    signal: controller.signal,
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let buffered = ''
  return {
    async next() {
      for (;;) {
        const end = buffered.indexOf('\n\n')
        const message = end < 0 ? undefined : buffered.slice(0, end)
        if (message !== undefined) {
          buffered = buffered.slice(end + 2)
          const data = /^event: next\ndata: (.*)$/s.exec(message)
          if (data) return JSON.parse(data[1]!)
          continue
        }
        const { done, value } = await reader.read()
        if (done) return undefined
        buffered += value
      }
    },
    close: () => controller.abort(),
  }
}
