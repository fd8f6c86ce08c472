import type { Static, TSchema } from '@sinclair/typebox'
import { chainEvents } from './events/chain'
import { engineEvents } from './events/engine'
import { platformEvents } from './events/platform'

/** A type of event: its payload schema and the version of that schema. */
export interface EventDefinition<S extends TSchema = TSchema> {
  readonly schemaVersion: number
  readonly payload: S
}

export const catalogue = { ...chainEvents, ...platformEvents, ...engineEvents }

export type EventType = keyof typeof catalogue
export type PayloadOf<T extends EventType> = Static<(typeof catalogue)[T]['payload']>
