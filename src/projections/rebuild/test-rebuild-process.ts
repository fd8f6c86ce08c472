import { rebuild } from './rebuild'

/** Entry of a process that tests kill: rebuilds everything and says how far it is. */
async function main(url: string): Promise<void> {
  await rebuild({
    url,
    names: 'all',
    onProgress: () => process.stdout.write('folding\n'),
    onWaiting: () => process.stdout.write('waiting\n'),
  })
  process.exit(0)
}

main(process.argv[2]!).catch((error) => {
  console.error(error)
  process.exit(1)
})
