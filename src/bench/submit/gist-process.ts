import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { ACCOUNT, benchMiner, FILE } from './miners'

/** Serves the gists of the bench's miners; says where it listens. */
async function main(): Promise<void> {
  await cryptoWaitReady()
  const createdAt = process.env.BENCH_CREATED_AT!.replace('+00:00', 'Z')
  const answers = new Map<string, Buffer>()
  for (let n = 0; n < Number(process.env.BENCH_MINERS); n++) {
    const { gistId, commitSha, content } = benchMiner(n)
    const api = {
      id: gistId,
      created_at: createdAt,
      owner: { login: ACCOUNT },
      history: [{ version: commitSha }],
      files: { [FILE]: { filename: FILE, size: content.length, content } },
    }
    answers.set(`/gists/${gistId}`, Buffer.from(JSON.stringify(api)))
    answers.set(`/${ACCOUNT}/${gistId}/raw/${commitSha}/${FILE}`, Buffer.from(content))
  }
  const server = createServer((request, response) => {
    const body = answers.get(request.url!)
    response.writeHead(body ? 200 : 404, { 'content-length': body?.length ?? 0 }).end(body)
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1', () => {
    process.on('disconnect', () => process.exit(0))
    // Whoever asks is told the processor time that was used so far (ms).
    process.on('message', () => {
      const { user, system } = process.cpuUsage()
      process.send?.((user + system) / 1000)
    })
    process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  })
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
