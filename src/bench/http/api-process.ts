import { startApi } from '../../api/start-api'

/** The API in a process of its own, told where to find its database; says where it listens. */
async function main(): Promise<void> {
  const api = await startApi({
    host: '127.0.0.1',
    port: 0,
    databaseUrl: process.env.BENCH_DATABASE_URL!,
    poolConnections: Number(process.env.BENCH_POOL_CONNECTIONS ?? 10),
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.({ url: api.url })
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
