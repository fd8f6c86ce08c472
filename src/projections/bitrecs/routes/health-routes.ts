import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { ReadServices } from '../../core/subnet-reads'
import { addressOf, type BitrecsReader, isoTime } from './reader'

const MIB = 1_048_576
const PERMILLE = 1_000
const PPM = 1_000_000

interface SessionRow {
  readonly session_id: string
  readonly kind: string
  readonly name: string
  readonly hotkey: Buffer | null
  readonly opened_ms: string
  readonly agent_id: string | null
  readonly evaluation_id: string | null
}

const SESSIONS = `
  select s.session_id, s.kind, s.name, s.hotkey, s.opened_ms, e.agent_id, e.evaluation_id from bitrecs_session s
  left join bitrecs_evaluation e on e.netuid = s.netuid and e.session_id = s.session_id and e.valid_to is null
  where s.netuid = $1 and s.valid_to is null order by s.from_seq`

/** Open to everyone: whether the platform is well, and what it asks of submissions (spec bitrecs §6). */
export const healthRoute =
  (reader: BitrecsReader, { settings, inspect }: ReadServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    let requests = 0
    app.get('/health', { schema: { response: { 200: Type.Unknown() } } }, async () => {
      requests += 1
      const sessions = await reader.rows<SessionRow>(SESSIONS)
      const validators = sessions.filter(({ kind }) => kind === 'validator')
      const agents = await reader.one<{ n: number }>(
        'select count(*)::int as n from bitrecs_agent where netuid = $1',
      )
      const closed = await reader.one<{ enabled: boolean }>(
        'select enabled from bitrecs_switch where netuid = $1 and valid_to is null',
      )
      const policy = (await inspect('policy').catch(() => undefined)) as
        | { emissionPortion?: number }
        | undefined
      const memory = process.memoryUsage()
      return {
        status: 'healthy',
        db_status: 'healthy',
        total_requests: requests,
        exceptions: 0,
        agent_count: agents?.n ?? 0,
        validators: {
          total_connected_validators: sessions.length,
          connected_screeners: sessions.length - validators.length,
          connected_validators: validators.length,
          hotkeys: validators.flatMap(({ hotkey }) => (hotkey ? [addressOf(hotkey)] : [])),
        },
        similarity_threshold: settings.bitrecsSimilarityPpm / PPM,
        screener_1_threshold: settings.bitrecsScreener1Permille / PERMILLE,
        screener_2_threshold: settings.bitrecsScreener2Permille / PERMILLE,
        prune_threshold: settings.bitrecsPrunePermille / PERMILLE,
        submissions_enabled: (closed?.enabled ?? true) && !settings.bitrecsDisallowUploads,
        threads: 1,
        memory_current_mb: memory.rss / MIB,
        memory_peak_mb: process.resourceUsage().maxRSS / 1024,
        version: settings.bitrecsClientVersions.split(',')[0]!.trim(),
        miner_emissions: policy?.emissionPortion ?? null,
      }
    })
  }

/** Sessions and the metagraph, for whoever has an API key. */
export const networkRoutes =
  (reader: BitrecsReader): FastifyPluginAsyncTypebox =>
  async (app) => {
    const answer = { schema: { response: { 200: Type.Unknown() } } }
    app.get('/validator/connected-validators-info', answer, async () =>
      (await reader.rows<SessionRow>(SESSIONS)).map((row) => ({
        name: row.name,
        hotkey: row.hotkey ? addressOf(row.hotkey) : null,
        time_connected: isoTime(row.opened_ms),
        time_last_heartbeat: null,
        system_metrics: null,
        evaluation: row.evaluation_id,
        agent: row.agent_id,
      })),
    )
    app.get('/metagraph/info', answer, async () => {
      const rows = await reader.rows<{
        uid: number
        hotkey: Buffer
        coldkey: Buffer | null
        valid_from: number
      }>(
        'select uid, hotkey, coldkey, valid_from from tenure where netuid = $1 and valid_to is null order by uid',
      )
      // Endpoints and stake are not indexed; whoever needs them asks the chain.
      const nodes = rows.map((row) => [
        addressOf(row.hotkey),
        {
          uid: row.uid,
          ip: null,
          port: null,
          stake: null,
          last_update: row.valid_from,
          coldkey: row.coldkey ? addressOf(row.coldkey) : null,
        },
      ])
      return { nodes: Object.fromEntries(nodes) }
    })
  }
