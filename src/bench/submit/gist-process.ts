import { type AddressInfo, createServer } from 'node:net'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { ACCOUNT, benchMiner, FILE } from './miners'

const HEADERS_END = '\r\n\r\n'

const answerOf = (status: number, body: string): Buffer =>
  Buffer.from(`HTTP/1.1 ${status} -\r\ncontent-length: ${Buffer.byteLength(body)}${HEADERS_END}${body}`)

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
    answers.set(`/gists/${gistId}`, answerOf(200, JSON.stringify(api)))
    answers.set(`/${ACCOUNT}/${gistId}/raw/${commitSha}/${FILE}`, answerOf(200, content))
  }
  const unknown = answerOf(404, '')
  // No HTTP library: what the host takes of the processor is not what is measured.
  const server = createServer((socket) => {
    let text = ''
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const requests = (text + bytes.toString('latin1')).split(HEADERS_END)
      text = requests.pop()!
      for (const request of requests) socket.write(answers.get(request.split(' ', 2)[1]!) ?? unknown)
    })
  })
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
