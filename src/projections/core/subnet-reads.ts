import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Pool } from 'pg'
import type { Settings } from '../../config/config'
import type { ChainFacts } from '../../platform/core/chain-facts'
import type { Projection } from '../fold/projection'
import type { Entity } from './entity'
import type { RowSource } from './row-source'

export interface ReadServices {
  readonly netuid: number
  readonly pool: Pool
  readonly facts: ChainFacts
  readonly settings: Settings
  /**
   * A question about the present view that the mechanism answers (it lies above the read models, so it is given from there);
   * `policy`: the one that holds.
   */
  readonly inspect: (question: string, args?: unknown) => Promise<unknown>
}

/** What a subnet system adds to the read side: one folder of `src/projections`, one value of this type. */
export interface SubnetReads<View, About = undefined> {
  readonly system: string
  readonly projections: readonly Projection[]
  /** Lists that GraphQL serves with `at`, filters and pages. */
  readonly entities: readonly Entity[]
  /** Routes that answer from the read models; commands are the platform's. */
  readonly routes?: (services: ReadServices) => FastifyPluginAsyncTypebox
  /** Everything that a decision may look at, as a plain value. */
  readonly readView: (source: RowSource) => Promise<View>
  /** What an explanation of a subject needs beside the view; null: there is no such subject. */
  readonly readAbout?: (source: RowSource, subject: string) => Promise<About>
}
