import path from 'node:path'
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { signaturesReady } from '../../platform/core/signatures'
import type { SandboxRunner } from '../../runner/sandbox'
import { BatchQueue } from './batch/batch-queue'
import { BatchStore } from './batch/batch-store'
import type { Grader } from './grading/grader'
import { answerValidatorError } from './http/answer-error'
import { batchRoutes } from './http/batch-routes'
import type { OwnershipCheck } from './http/check-caller'
import { listen } from './http/listen'
import { keepRawBodies } from './http/raw-body'
import { SeenNonces } from './http/seen-nonces'
import { toolRoutes } from './http/tool-routes'
import { PlatformClient } from './platform/platform-client'
import { SANDBOX_TIMES, type SandboxSettings, SCRIPT_PURPOSE } from './sandbox/script-sandbox'
import type { ScriptSigner } from './submit-script'
import { withFreeTools } from './tools/free-tools'
import { ToolSessions } from './tools/sessions'
import type { Tools } from './tools/tool'
import type { WeightsState } from './weights/weights-state'

export interface CasterValidatorOptions {
  /** Platform, without /v1. */
  readonly platformUrl: string
  readonly signer: ScriptSigner
  readonly runner: SandboxRunner
  readonly image: string
  /** Network on which sandboxes reach this validator and nothing else; absent: they have none. */
  readonly network?: string
  /** The paid tools; `tooling_info` and `test_tool` are always there. */
  readonly tools: Tools
  readonly grader: Grader
  readonly ownership: OwnershipCheck
  /** Journals and scripts lie below it. */
  readonly dataDir: string
  readonly host?: string
  /** 0: a free one. */
  readonly port?: number
  /** This validator as sandboxes reach it; default: where it listens. */
  readonly toolsUrl?: string
  /** Time and nonce are asked of callers, and signed for the platform. */
  readonly isStrict?: boolean
  readonly parallelScripts?: number
  readonly toolTimeoutMs?: number
  readonly sessionLifeMs?: number
  readonly sandboxTimes?: Partial<Pick<SandboxSettings, keyof typeof SANDBOX_TIMES>>
  readonly fetchAttempts?: number
  readonly fetchPauseMs?: number
  readonly weightsState?: WeightsState
  /** ms since the Unix epoch */
  readonly clock?: () => number
  readonly logger?: FastifyBaseLogger
  readonly onFault?: (text: string) => void
}

export interface CasterValidator {
  readonly url: string
  /** The client that it fetches scripts with; for registration and weights. */
  readonly platform: PlatformClient
  /** Stops listening, ends sandboxes; unfinished batches go on with the next start. */
  close(): Promise<void>
}

const PARALLEL_SCRIPTS = 4
const TOOL_TIMEOUT_MS = 60_000
const FETCH_ATTEMPTS = 5
const FETCH_PAUSE_MS = 2_000

/**
 * Starts a validator of Caster: its routes, and the batches that it has not finished.
 * @throws LedgerError SL-BATCH-JOURNAL, SL-PORT-TAKEN
 */
export async function startCasterValidator(options: CasterValidatorOptions): Promise<CasterValidator> {
  const { clock = Date.now, isStrict = false, onFault = () => undefined } = options
  await signaturesReady()
  const platform = new PlatformClient({ baseUrl: options.platformUrl, signer: options.signer, isStrict })
  const folder = path.join(options.dataDir, 'caster')
  const store = await BatchStore.open(path.join(folder, 'batches'))
  await options.runner.sweep(SCRIPT_PURPOSE)
  const sessions = new ToolSessions(clock, options.sessionLifeMs)
  const settings: SandboxSettings = {
    runner: options.runner,
    image: options.image,
    network: options.network,
    // Known only when it listens, and needed only then.
    get toolsUrl() {
      return options.toolsUrl ?? url
    },
    ...SANDBOX_TIMES,
    ...options.sandboxTimes,
  }
  const services = {
    sessions,
    settings,
    grader: options.grader,
    scripts: {
      client: platform,
      folder: path.join(folder, 'scripts'),
      attempts: options.fetchAttempts ?? FETCH_ATTEMPTS,
      pauseMs: options.fetchPauseMs ?? FETCH_PAUSE_MS,
    },
    parallelScripts: options.parallelScripts ?? PARALLEL_SCRIPTS,
    clock,
    onFault,
  }
  const queue = new BatchQueue(services, store.all().at(-1))
  const app = serverOf(options.logger)
  batchRoutes(app, {
    store,
    queue,
    callers: { ownership: options.ownership, nonces: new SeenNonces(clock), isStrict, clock },
    weightsState: () => options.weightsState ?? NO_WEIGHTS,
  })
  const timeoutMs = options.toolTimeoutMs ?? TOOL_TIMEOUT_MS
  toolRoutes(app, { sessions, tools: withFreeTools(options.tools), timeoutMs, clock })
  const url = await listen(app, options).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  for (const batch of store.all()) if (batch.status === 'queued') queue.add(batch)
  return {
    url,
    platform,
    async close() {
      await queue.close()
      await app.close()
      await store.close()
    },
  }
}

const NO_WEIGHTS: WeightsState = { last_weight_submission_at: null, last_weight_error: null }

function serverOf(logger: FastifyBaseLogger | undefined): FastifyInstance {
  const app = fastify({
    forceCloseConnections: true,
    ...(logger && { loggerInstance: logger, disableRequestLogging: true }),
  }) as unknown as FastifyInstance
  app.setErrorHandler(answerValidatorError)
  app.setNotFoundHandler((_, reply) => {
    void reply.status(404).send({ detail: 'not_found', message: 'there is no such route' })
  })
  keepRawBodies(app)
  return app
}
