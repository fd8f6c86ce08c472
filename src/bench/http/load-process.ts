import { createHash } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { LoadPlan, LoadResult } from './load'

const PREPARED_BODIES = 200_000

/** A prime that divides no round count: steps of it visit every key once before any comes again. */
const SCATTER_STEP = 7_919

export const keyOf = (number: number): string => createHash('sha256').update(`hotkey ${number}`).digest('hex')

/** Plain sockets and the least parsing that finds the end of an answer, to leave the cores to what is measured. */
class Connection {
  private readonly socket: Socket
  private expected = -1
  private received = 0
  private sentAt = 0n
  private free = true
  /** Times at which requests were due that this connection could not send yet. */
  private readonly due: bigint[] = []

  constructor(
    private readonly plan: LoadPlan,
    private readonly nextRequest: () => Buffer,
    private readonly onAnswer: (latencyMs: number, bytes: number, ok: boolean) => void,
  ) {
    const { hostname, port } = new URL(plan.url)
    this.socket = connect(Number(port), hostname)
    this.socket.setNoDelay(true)
    this.socket.on('data', (chunk) => this.read(chunk))
  }

  /** Sends now, or as soon as the answer before has come; that wait counts as latency. */
  send(dueAt = process.hrtime.bigint()): void {
    if (!this.free) {
      this.due.push(dueAt)
      return
    }
    this.free = false
    this.sentAt = dueAt
    this.socket.write(this.nextRequest())
  }

  end(): void {
    this.socket.destroy()
  }

  private ok = true

  private read(chunk: Buffer): void {
    if (this.expected < 0) {
      const head = chunk.toString('latin1')
      const bodyAt = head.indexOf('\r\n\r\n') + 4
      const length = /content-length: (\d+)/i.exec(head)
      if (!length || bodyAt < 4) throw new Error(`unexpected answer: ${head.slice(0, 300)}`)
      this.ok = head.startsWith('HTTP/1.1 200') && !head.includes('"errors"') && !head.includes(':null}}')
      this.expected = bodyAt + Number(length[1])
      this.received = 0
    }
    this.received += chunk.byteLength
    if (this.received < this.expected) return
    this.onAnswer(Number(process.hrtime.bigint() - this.sentAt) / 1e6, this.expected, this.ok)
    this.expected = -1
    this.free = true
    if (this.plan.requestsPerSecond === undefined) this.send()
    else if (this.due.length > 0) this.send(this.due.shift())
  }
}

function requestMaker(plan: LoadPlan): () => Buffer {
  const { template, from, keys } = plan.bodies
  const prepared = Array.from({ length: PREPARED_BODIES }, (_, i) => {
    const body = template.replace('$KEY', keyOf(((from + i) * SCATTER_STEP) % keys))
    return Buffer.from(
      `POST ${plan.path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: application/json\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  })
  let next = 0
  return () => {
    if (next >= prepared.length) throw new Error('the prepared requests ran out; none may repeat')
    return prepared[next++]!
  }
}

function run(plan: LoadPlan): void {
  const latenciesMs: number[] = []
  let bytes = 0
  let failures = 0
  const next = requestMaker(plan)
  const started = process.hrtime.bigint()
  const onAnswer = (latencyMs: number, size: number, ok: boolean) => {
    latenciesMs.push(latencyMs)
    bytes += size
    if (!ok) failures += 1
  }
  const connections = Array.from({ length: plan.connections }, () => new Connection(plan, next, onAnswer))
  const pace = plan.requestsPerSecond
  if (pace === undefined) for (const connection of connections) connection.send()
  else paced(connections, pace, started)
  setTimeout(() => {
    const elapsedMs = Number(process.hrtime.bigint() - started) / 1e6
    for (const connection of connections) connection.end()
    latenciesMs.sort((a, b) => a - b)
    const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0
    const result: LoadResult = {
      requests: latenciesMs.length,
      requestsPerSecond: latenciesMs.length / (elapsedMs / 1000),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      failures,
      bytesPerAnswer: Math.round(bytes / Math.max(1, latenciesMs.length)),
    }
    process.send!(result, () => process.exit(0))
  }, plan.durationMs)
}

/** Sends what is due each millisecond, one connection after the other. */
function paced(connections: readonly Connection[], requestsPerSecond: number, started: bigint): void {
  let sent = 0
  setInterval(() => {
    const due = (Number(process.hrtime.bigint() - started) / 1e9) * requestsPerSecond
    while (sent < due) connections[sent++ % connections.length]!.send()
  }, 1)
}

if (process.argv[2]) run(JSON.parse(process.argv[2]) as LoadPlan)
