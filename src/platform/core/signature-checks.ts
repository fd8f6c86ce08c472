import { existsSync } from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { projectRoot } from '../../database/project-root'
import type { Hex } from '../../log/envelope'
import { isSignedBy } from './signatures'

export interface SignedText {
  readonly account: Hex | null
  readonly message: string
  /** Hex, with or without 0x. */
  readonly signature: string
}

/** Nobody waits for the signatures of all others. */
const MESSAGE_MAX_CHECKS = 64

interface Asked {
  readonly text: SignedText
  answer(is: boolean): void
}

/**
 * Signatures checked in a thread of their own: each takes more of a processor than most of what else a submission needs, and
 * everything else would wait for it. Without the thread (not compiled, or broken) they are checked in this one.
 */
export class SignatureChecks {
  private worker: Worker | undefined
  private readonly waiting: Asked[] = []
  /** With the thread. What comes meanwhile waits and goes together: a message costs more than what it says. */
  private sent: Asked[] = []

  constructor(private readonly entry = compiledEntry()) {}

  /** Like `isSignedBy`, later. */
  check(account: Hex | null, message: string, signature: string): Promise<boolean> {
    return new Promise((answer) => {
      this.waiting.push({ text: { account, message, signature }, answer })
      if (this.waiting.length === 1) setImmediate(() => this.send())
    })
  }

  /** The thread ends; what is asked from now on starts another. */
  async close(): Promise<void> {
    await this.worker?.terminate()
  }

  private send(): void {
    if (this.sent.length > 0 || this.waiting.length === 0) return
    this.sent = this.waiting.splice(0, MESSAGE_MAX_CHECKS)
    this.worker ??= this.start()
    if (this.worker) this.worker.postMessage(this.sent.map(({ text }) => text))
    else this.answered(here(this.sent))
  }

  private start(): Worker | undefined {
    if (!existsSync(this.entry)) return undefined
    const worker = new Worker(this.entry)
    worker.unref()
    worker.on('message', (answers: boolean[]) => this.answered(answers))
    // Its end, which follows, is what is acted on.
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      this.worker = undefined
      this.answered(here(this.sent))
    })
    return worker
  }

  private answered(answers: readonly boolean[]): void {
    const { sent } = this
    this.sent = []
    answerAll(sent, answers)
    this.send()
  }
}

const here = (asked: readonly Asked[]): boolean[] =>
  asked.map(({ text }) => isSignedBy(text.account, text.message, text.signature))

const answerAll = (asked: readonly Asked[], answers: readonly boolean[]): void => {
  for (const [i, { answer }] of asked.entries()) answer(answers[i]!)
}

const compiledEntry = () => path.join(projectRoot(), 'lib/src/platform/core/signature-worker.js')
