import { randomBytes } from 'node:crypto'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { Pool } from 'undici'
import { ACCOUNT, benchMiner } from './miners'

const CONNECTIONS = 64
const VERSION = '2.0.0'

interface Prepared {
  readonly body: string
  readonly headers: Record<string, string>
}

/** All signatures are made beforehand: what is measured is the platform. */
function prepare(n: number, createdAt: string): Prepared {
  const miner = benchMiner(n)
  const message = `${createdAt}:${ACCOUNT}:${miner.gistId}:${miner.hotkey}`
  const nonce = randomBytes(16).toString('hex')
  const tNonce = randomBytes(16).toString('hex')
  const timestamp = String(Math.floor(Date.now() / 1000))
  const body = JSON.stringify({
    created_at: createdAt,
    github_account: ACCOUNT,
    gist_id: miner.gistId,
    hotkey: miner.hotkey,
    signature: miner.sign(message),
  })
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-signature': miner.sign(`${message}:${nonce}:${tNonce}:${VERSION}:${timestamp}`),
      'x-timestamp': timestamp,
      'x-nonce': nonce,
      'x-t-nonce': tNonce,
    },
  }
}

async function main(): Promise<void> {
  await cryptoWaitReady()
  const target = new URL(`${process.env.BENCH_URL}/submit`)
  const [warmUp, count] = [Number(process.env.BENCH_WARM_UP), Number(process.env.BENCH_MINERS)]
  const prepared = Array.from({ length: count }, (_, n) => prepare(n, process.env.BENCH_CREATED_AT!))
  const pool = new Pool(target.origin, { connections: CONNECTIONS })
  const send = async ({ body, headers }: Prepared): Promise<[number, string]> => {
    const answer = await pool.request({ path: target.pathname, method: 'POST', headers, body })
    return [answer.statusCode, await answer.body.text()]
  }
  const latenciesMs: number[] = []
  const failures: string[] = []
  const work = async (from: number, to: number) => {
    let next = from
    const worker = async () => {
      while (next < to) {
        const one = prepared[next++]!
        const begun = performance.now()
        const [status, body] = await send(one)
        latenciesMs.push(performance.now() - begun)
        if (status !== 201) failures.push(`${status} ${body}`)
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, worker))
  }
  await work(0, warmUp)
  latenciesMs.length = 0
  const [begun, cpu] = [performance.now(), process.cpuUsage()]
  await work(warmUp, count)
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  latenciesMs.sort((a, b) => a - b)
  const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)]!
  const result = {
    perSecond: (count - warmUp) / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    loadMsEach: (user + system) / 1000 / (count - warmUp),
    failures: failures.length,
    firstFailure: failures[0],
  }
  process.send!(result, () => process.exit(0))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
