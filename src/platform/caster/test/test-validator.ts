import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HotkeySigner } from '../../../devnet/players/autoresearch/client'
import { accountOf, isSignedBy } from '../../core/signatures'
import type { CasterRules } from '../rules'
import { type Outcome, type TestResult, type TestSpec, testResult } from './test-results'

/** How a double behaves; to be changed while it runs. */
export interface Behaviour {
  /** What a script makes of a claim. */
  outcome: (artifactId: string, claimId: string) => Outcome
  /** Bends the complete list of results before they are told. */
  bend: (results: TestResult[]) => TestResult[]
  /** Answers instead of the contract; true: it did. */
  instead: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Results that are done so far; undefined: all. */
  completed: number | undefined
}

/** A validator that speaks the contract without running anything. */
export class TestValidator {
  readonly batches = new Map<string, { readonly text: string; readonly spec: TestSpec }>()
  /** SS58 of whoever called, in order; each call's signature was checked. */
  readonly callers: string[] = []
  readonly unsigned: string[] = []
  readonly behaviour: Behaviour = {
    outcome: () => 'full',
    bend: (results) => results,
    instead: () => false,
    completed: undefined,
  }
  private server!: Server
  url!: string

  private constructor(
    readonly signer: HotkeySigner,
    private readonly rules: CasterRules,
  ) {}

  static async start(
    signer: HotkeySigner,
    rules: CasterRules,
    behaviour: Partial<Behaviour> = {},
  ): Promise<TestValidator> {
    const validator = new TestValidator(signer, rules)
    Object.assign(validator.behaviour, behaviour)
    validator.server = createServer((request, response) => void validator.answer(request, response))
    await new Promise<void>((resolve) => validator.server.listen(0, '127.0.0.1', resolve))
    validator.url = `http://127.0.0.1:${(validator.server.address() as AddressInfo).port}`
    return validator
  }

  close(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  /** Forgets every batch, as a validator that keeps its state in memory does. */
  forget(): void {
    this.batches.clear()
  }

  results(spec: TestSpec): TestResult[] {
    return spec.candidates.flatMap((candidate: TestSpec) =>
      spec.claims.map((claim: TestSpec) =>
        testResult(
          spec,
          candidate,
          claim,
          this.behaviour.outcome(candidate.artifact_id, claim.claim_id),
          this.signer.address,
        ),
      ),
    )
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.behaviour.instead(request, response)) return
    let body = ''
    for await (const chunk of request) body += chunk
    const send = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    const caller = this.callerOf(request, body)
    if (!caller) return void send(401, { detail: 'invalid_signature' })
    const [, id] = /^\/validator\/miner-task-batches\/([^/]+)\/progress$/.exec(request.url!) ?? []
    if (id) return void this.progress(id, send)
    const spec = JSON.parse(body)
    const known = this.batches.get(spec.batch_id)
    if (known && known.text !== body) return void send(409, { detail: 'batch_conflict' })
    this.batches.set(spec.batch_id, { text: body, spec })
    send(200, { status: 'accepted', batch_id: spec.batch_id, caller })
  }

  private progress(id: string, send: (status: number, value: unknown) => unknown): void {
    const batch = this.batches.get(id)
    if (!batch) return void send(404, { detail: 'batch_not_found' })
    const total = batch.spec.candidates.length * batch.spec.claims.length
    const completed = this.behaviour.completed ?? total
    send(200, {
      batch_id: id,
      status: completed < total ? 'running' : 'completed',
      error: null,
      total,
      completed,
      remaining: total - completed,
      miner_task_results: completed < total ? [] : this.behaviour.bend(this.results(batch.spec)),
    })
  }

  private callerOf(request: IncomingMessage, body: string): string | undefined {
    const { parseAuthorization, signingMessage } = this.rules
    const found = parseAuthorization(request.headers.authorization ?? '')
    const { 'x-caster-timestamp': timestamp, 'x-caster-nonce': nonce } = request.headers
    const strict = timestamp ? { timestamp: Number(timestamp), nonce: String(nonce) } : undefined
    const asked = { method: request.method!, pathQs: request.url!, body, ...(strict && { strict }) }
    if (!found || !isSignedBy(accountOf(found.ss58), signingMessage(asked), found.signature)) {
      this.unsigned.push(`${request.method} ${request.url}`)
      return undefined
    }
    this.callers.push(found.ss58)
    return found.ss58
  }
}
