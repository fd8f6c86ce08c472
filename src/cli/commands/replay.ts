import { Command } from 'commander'
import { startRecordingNode } from '../../chain/recording/recording-node'
import { ConfigError } from '../../config/option'
import { groups, settingsOf, withFlags } from '../option-flags'
import { ProgressLine } from '../progress-line'
import { runSession } from '../session'
import { indexChain } from '../start/index-chain'
import { openLogging } from '../start/logging'
import { openLedger } from '../start/open-ledger'
import { recordedGenesis } from '../start/recorded-genesis'
import { undecodedAlarm } from '../start/undecoded-alarm'

/** `subledger replay`: a recording served as a node, indexed into a fresh database; then the end. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('index a recording (JSON lines, one block a line) into a fresh database, and end')
    .argument('<recording>', 'file of recorded blocks')
    .requiredOption(
      '--metadata <SPEC=FILE...>',
      'metadata of each spec version: V14 as bytes or hex, gzipped or not',
    )
  withFlags(command, ['netuids', ...groups.storage, ...groups.logging])
  return command.action((file: string, { metadata }: { metadata: string[] }) =>
    runSession(async (session) => {
      const settings = settingsOf(command)
      openLogging(settings)
      const node = await startRecordingNode({ file, metadata: metadataFiles(metadata) })
      session.closers.add('recording', () => node.close())
      const ledger = await openLedger(settings, session)
      const line = new ProgressLine()
      const genesisHash = await recordedGenesis(node)
      await indexChain({
        rpcUrl: node.wsUrl,
        databaseUrl: ledger.url,
        network: `recording ${genesisHash.slice(0, 10)}`,
        genesisHash,
        netuids: command.opts().netuid === undefined ? 'all' : settings.netuids!,
        fromHeight: node.firstHeight,
        toHeight: node.lastHeight,
        bootstrap: 'none',
        onProgress: (progress) => line.show(progress),
        onUndecoded: undecodedAlarm({ say: session.say }),
        signal: session.signal,
      })
      session.say(`indexed blocks ${node.firstHeight} to ${node.lastHeight}`)
    }),
  )
}

function metadataFiles(given: readonly string[]): Record<number, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, spec, file] = /^(\d+)=(.+)$/.exec(text) ?? []
      if (!spec || !file) {
        throw new ConfigError(
          `--metadata ${text} is not SPEC=FILE.`,
          'Give e.g. --metadata 218=metadata.hex.gz.',
        )
      }
      return [Number(spec), file]
    }),
  )
}
