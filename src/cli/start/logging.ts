import { createPinoSink, setRootSink } from '@subsquid/logger'
import type { Settings } from '../../config/config'
import { createLogger, type Logger } from '../../observability/logger'

/** One logger for everything; Subsquid's messages go there too instead of to standard error by themselves. */
export function openLogging(settings: Settings): Logger {
  const logger = createLogger({ level: settings.logLevel })
  setRootSink(createPinoSink(logger))
  return logger
}
