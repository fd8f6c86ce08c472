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

/**
 * Event types of a subnet system that is not part of this repository. To be called before anything is appended.
 * @throws Error when a name is taken
 */
export function addEvents(definitions: Readonly<Record<string, EventDefinition>>): void {
  for (const [type, definition] of Object.entries(definitions)) {
    if (Object.hasOwn(catalogue, type)) throw new Error(`the event type ${type} is there already`)
    Object.assign(catalogue, { [type]: definition })
  }
}
