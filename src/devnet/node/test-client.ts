import { WebSocket } from 'ws'

export interface RpcAnswer {
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** One JSON-RPC call by HTTP. */
export async function ask(url: string, method: string, ...params: unknown[]): Promise<RpcAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return (await response.json()) as RpcAnswer
}

/** The result of a call that must succeed. */
export async function resultOf<T = unknown>(url: string, method: string, ...params: unknown[]): Promise<T> {
  const answer = await ask(url, method, ...params)
  if (answer.error) throw new Error(`${method}: ${answer.error.message}`)
  return answer.result as T
}

export interface Notification {
  readonly method: string
  readonly params: { readonly subscription: string; readonly result: unknown }
}

/** A WebSocket client that keeps everything it is notified of. */
export class TestSocket {
  readonly notifications: Notification[] = []
  readonly closed: Promise<void>
  private nextId = 1
  private readonly answers = new Map<number, (answer: RpcAnswer) => void>()
  private readonly waiting = new Set<() => void>()

  private constructor(private readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('error', () => {})
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString())
      if (message.id === undefined) this.notifications.push(message)
      else this.answers.get(message.id)?.(message)
      for (const check of this.waiting) check()
    })
  }

  static async open(url: string): Promise<TestSocket> {
    const socket = new WebSocket(url)
    const client = new TestSocket(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return client
  }

  call(method: string, ...params: unknown[]): Promise<RpcAnswer> {
    const id = this.nextId++
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    return new Promise((resolve) => this.answers.set(id, resolve))
  }

  /** Resolves when that many notifications of the subscription have come; their results. */
  results(subscription: unknown, count: number): Promise<unknown[]> {
    const have = () =>
      this.notifications.filter((it) => it.params.subscription === subscription).map((it) => it.params.result)
    return new Promise((resolve) => {
      const check = () => {
        if (have().length < count) return
        this.waiting.delete(check)
        resolve(have())
      }
      this.waiting.add(check)
      check()
    })
  }

  close(): void {
    this.socket.terminate()
  }
}
