import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { ReadServices } from '../../core/subnet-reads'
import { wholeAgents } from './agents'
import { addressOf, type BitrecsReader, isoTime } from './reader'
import { evaluationById } from './runs'
import { answers, ConnectedNode, Health, Metagraph } from './shapes'

const MIB = 1_048_576
const KIB_IN_MIB = 1_024
const PERMILLE = 1_000
const PPM = 1_000_000
/** One thread runs the program. */
const THREADS = 1

interface SessionRow {
  readonly session_id: string
  readonly kind: string
  readonly name: string
  readonly hotkey: Buffer | null
  readonly opened_ms: string
  readonly agent_id: string | null
  readonly evaluation_id: string | null
  readonly heartbeat_ms: string | null
  readonly system_metrics: unknown
}

/** Heartbeats have no read model of their own: there are far more of them than anyone asks for. */
const SESSIONS = `
  select s.session_id, s.kind, s.name, s.hotkey, s.opened_ms, e.agent_id, e.evaluation_id,
    b.payload->>'at' as heartbeat_ms, b.payload->'systemMetrics' as system_metrics
  from bitrecs_session s
  left join bitrecs_evaluation e on e.netuid = s.netuid and e.session_id = s.session_id and e.valid_to is null
  left join lateral (
    select payload from log_event
    where log = 'platform' and netuid = s.netuid and type = 'BitrecsHeartbeat' and seq > s.from_seq
      and payload->>'sessionId' = s.session_id
    order by seq desc limit 1) b on true
  where s.netuid = $1 and s.valid_to is null order by s.from_seq`

/** Screeners have no hotkey: the reference calls them by their name there. */
const hotkeyOf = ({ hotkey, name }: SessionRow) => (hotkey ? addressOf(hotkey) : name)

/** Open to everyone: whether the platform is well, and what it asks of submissions (spec bitrecs §6). */
export const healthRoute =
  (reader: BitrecsReader, { settings, inspect }: ReadServices): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/health', answers('Whether the platform is well, and what it asks for', Health), async () => {
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
      return {
        status: 'healthy',
        db_status: 'healthy',
        total_requests: app.traffic.requests,
        exceptions: app.traffic.exceptions,
        agent_count: agents?.n ?? 0,
        validators: {
          total_connected_validators: sessions.length,
          connected_screeners: sessions.length - validators.length,
          connected_validators: validators.length,
          hotkeys: sessions.map(hotkeyOf),
        },
        similarity_threshold: settings.bitrecsSimilarityPpm / PPM,
        screener_1_threshold: settings.bitrecsScreener1Permille / PERMILLE,
        screener_2_threshold: settings.bitrecsScreener2Permille / PERMILLE,
        prune_threshold: settings.bitrecsPrunePermille / PERMILLE,
        submissions_enabled: (closed?.enabled ?? true) && !settings.bitrecsDisallowUploads,
        threads: THREADS,
        memory_current_mb: process.memoryUsage().rss / MIB,
        memory_peak_mb: process.resourceUsage().maxRSS / KIB_IN_MIB,
        version: settings.bitrecsClientVersions.split(',')[0]!.trim(),
        miner_emissions: policy?.emissionPortion ?? null,
      }
    })
  }

interface NeuronRow {
  readonly uid: number
  readonly hotkey: Buffer
  readonly coldkey: Buffer | null
  /** Block of its newest weights; null: it never set any. */
  readonly set_height: number | null
}

const NEURONS = `
  select t.uid, t.hotkey, t.coldkey, w.set_height from tenure t
  left join weight_set w on w.netuid = t.netuid and w.uid = t.uid and w.mechanism = 0 and w.valid_to is null
  where t.netuid = $1 and t.valid_to is null order by t.uid`

/** Sessions and the metagraph, for whoever has an API key. */
export const networkRoutes =
  (reader: BitrecsReader): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/validator/connected-validators-info',
      answers('Sessions that are open, and what they evaluate', Type.Array(ConnectedNode)),
      async () => Promise.all((await reader.rows<SessionRow>(SESSIONS)).map((row) => shownNode(reader, row))),
    )
    app.get('/metagraph/info', answers('Neurons by hotkey', Metagraph), async () => {
      const rows = await reader.rows<NeuronRow>(NEURONS)
      // Endpoints and stake are not indexed; whoever needs them asks the chain.
      const nodes = rows.map((row) => [
        addressOf(row.hotkey),
        {
          uid: row.uid,
          ip: null,
          port: null,
          stake: null,
          last_update: row.set_height,
          coldkey: row.coldkey ? addressOf(row.coldkey) : null,
        },
      ])
      return { nodes: Object.fromEntries(nodes) }
    })
  }

async function shownNode(reader: BitrecsReader, row: SessionRow) {
  const { agent_id: agentId, evaluation_id: evaluationId, heartbeat_ms: heartbeatMs } = row
  const agents = agentId ? await reader.anyAgents('and a.agent_id = $2', agentId) : []
  const [agent] = await wholeAgents(reader, agents)
  return {
    name: row.hotkey ? addressOf(row.hotkey) : row.name,
    hotkey: hotkeyOf(row),
    time_connected: isoTime(row.opened_ms),
    time_last_heartbeat: heartbeatMs === null ? null : isoTime(heartbeatMs),
    system_metrics: row.system_metrics,
    evaluation: (evaluationId && (await evaluationById(reader, evaluationId))) || null,
    agent: agent ?? null,
  }
}
