import { Command } from 'commander'
import { groups, settingsOf, withFlags } from '../option-flags'
import { ProgressLine } from '../progress-line'
import { runSession } from '../session'
import { playedNetuids } from '../start/follow-decided'
import { indexChain } from '../start/index-chain'
import { openLogging } from '../start/logging'
import { openApi } from '../start/open-api'
import { openChain } from '../start/open-chain'
import { openLedger } from '../start/open-ledger'
import { openPlayers } from '../start/open-players'
import { openSource } from '../start/open-source'
import { openPlatforms, openWebhook, runEngines } from '../start/open-systems'
import { undecodedAlarm } from '../start/undecoded-alarm'
import { welcome } from '../start/welcome'

/** `subledger start`: database, chain, indexer and API in one process. */
export function startCommand(): Command {
  const command = new Command('start').description(
    'run everything in one process; without flags on an embedded devnet',
  )
  withFlags(command, Object.values(groups).flat())
  return command.action(async () => {
    await runSession(async (session) => {
      const settings = settingsOf(command)
      const logger = openLogging(settings)
      session.say('Subledger: starting the database …')
      const ledger = await openLedger(settings, session)
      if (settings.network === 'devnet') session.say('Making the devnet’s history …')
      const { nodeUrl, genesisHash, devnet } = await openChain(
        settings,
        ledger.url,
        session,
        playedNetuids(settings),
      )
      const source = await openSource(settings, nodeUrl, session)
      const players = devnet && (await openPlayers(settings, devnet, logger, session))
      const surroundings = { databaseUrl: ledger.url, logger }
      const { handle: platforms } = await openPlatforms(
        players?.settings ?? settings,
        surroundings,
        session,
        players?.policies,
      )
      const api = await openApi(settings, { ...surroundings, nodeUrl, platforms }, session)
      session.say(welcome({ settings, apiUrl: api.url, nodeUrl, embedded: ledger.embedded }))
      const line = new ProgressLine()
      const indexing = indexChain({
        ...settings,
        rpcUrl: source.url,
        databaseUrl: ledger.url,
        genesisHash,
        netuids: settings.netuids!,
        bootstrap: 'snapshot',
        onProgress: (progress) => line.show(progress),
        onUndecoded: undecodedAlarm({ say: session.say, webhook: openWebhook(settings, logger, session) }),
        signal: session.signal,
      })
      const playing = players?.play(api.url)
      session.closers.add('players of the devnet', async () => playing)
      await Promise.race([
        indexing,
        source.failure,
        runEngines(settings, surroundings, session).then(() => indexing),
      ])
      session.say(session.signal.aborted ? '\nStopping …' : '\nThe last wanted block is indexed.')
    })
    if (!process.exitCode) process.stdout.write('Stopped. Nothing is lost; start again to go on.\n')
  })
}
