import { parentPort } from 'node:worker_threads'
import type { SignedText } from './signature-checks'
import { isSignedBy, signaturesReady } from './signatures'

/** Entry of a thread that checks signatures: lists of them come in, a list of answers goes back for each, in their order. */
async function main(): Promise<void> {
  await signaturesReady()
  parentPort!.on('message', (asked: readonly SignedText[]) => {
    parentPort!.postMessage(
      asked.map(({ account, message, signature }) => isSignedBy(account, message, signature)),
    )
  })
}

void main()
