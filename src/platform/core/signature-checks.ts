import { existsSync } from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import DataLoader from 'dataloader'
import { projectRoot } from '../../database/project-root'
import type { Hex } from '../../log/envelope'
import { isSignedBy } from './signatures'

export interface SignedText {
  readonly account: Hex | null
  readonly message: string
  /** Hex, with or without 0x. */
  readonly signature: string
}

/** Checks that wait together for one message to the thread, at most. */
const BATCH_MAX_CHECKS = 64

/**
 * Signatures checked in a thread of their own: each takes more of a processor than most of what else a submission needs, and
 * everything else would wait for it. Without the thread (not compiled, or broken) they are checked in this one.
 */
export class SignatureChecks {
  private worker: Worker | undefined
  /** Lists that were sent and not answered, oldest first. */
  private readonly waiting: { readonly asked: readonly SignedText[]; done(answers: boolean[]): void }[] = []
  private readonly loader = new DataLoader<SignedText, boolean>((asked) => this.ask(asked), {
    cache: false,
    maxBatchSize: BATCH_MAX_CHECKS,
    batchScheduleFn: (send) => setImmediate(send),
  })

  constructor(private readonly entry = compiledEntry()) {}

  /** Like `isSignedBy`, later. */
  check(account: Hex | null, message: string, signature: string): Promise<boolean> {
    return this.loader.load({ account, message, signature })
  }

  /** The thread ends; what is asked from now on starts another. */
  async close(): Promise<void> {
    await this.worker?.terminate()
  }

  private ask(asked: readonly SignedText[]): Promise<boolean[]> {
    this.worker ??= this.start()
    const { worker } = this
    if (!worker) return Promise.resolve(here(asked))
    return new Promise((resolve) => {
      this.waiting.push({ asked, done: resolve })
      worker.postMessage(asked)
    })
  }

  private start(): Worker | undefined {
    if (!existsSync(this.entry)) return undefined
    const worker = new Worker(this.entry)
    worker.unref()
    worker.on('message', (answers: boolean[]) => this.waiting.shift()?.done(answers))
    // Its end, which follows, is what is acted on.
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      this.worker = undefined
      for (const { asked, done } of this.waiting.splice(0)) done(here(asked))
    })
    return worker
  }
}

const here = (asked: readonly SignedText[]): boolean[] =>
  asked.map(({ account, message, signature }) => isSignedBy(account, message, signature))

const compiledEntry = () => path.join(projectRoot(), 'lib/src/platform/core/signature-worker.js')
