import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { EventType } from '../log/catalogue'
import type { CallRules, Decision, Mechanism, Unpublished } from '../mechanisms/mechanism'
import { policyAt, type Versioned } from '../mechanisms/policy-history'
import { type OpenPlatform, openPlatform, type PlatformOptions } from '../platform/core/open-platform'
import type { PlatformDraft } from '../platform/core/platform-event'
import type { PlatformModule } from '../platform/core/platform-module'
import type { Entity } from '../projections/core/entity'
import type { RowSource, TableOrigins } from '../projections/core/row-source'
import type { ReadServices, SubnetReads } from '../projections/core/subnet-reads'
import type { Projection } from '../projections/fold/projection'
import { digestOf } from './digest'
import { inspectNow } from './inspect-now'

/** The parts of a subnet system: its rules, its commands and its read models, one folder each. */
export interface SubnetParts<View, Policy extends Versioned, D extends Decision, State, About> {
  readonly mechanism: Mechanism<View, Policy, D>
  readonly platform: PlatformModule<State>
  readonly reads: SubnetReads<View, About>
  /** Subnets that run this system unless told otherwise. */
  readonly netuids: readonly number[]
  /** Platform events upon which a decision is made at once, beside those of each epoch. */
  readonly triggers?: readonly EventType[]
  /** Engine events that a decision leads to. */
  readonly follow?: (decision: D) => readonly PlatformDraft[]
  /** Why a submission, hotkey or script won or lost, in numbers. */
  readonly explain?: (view: View, policy: Policy, subject: string, about: About) => unknown
  /** Other questions about a view, by name: what the API asks for this system's own types. */
  readonly inspect?: Readonly<Record<string, (view: View, policy: Policy, args: never) => unknown>>
  /** The decision as it would have been under another policy or other scores. */
  readonly whatIf?: (view: View, policy: Policy, change: unknown) => unknown
}

/** A mechanism's answer to a view, with the digest that tells whether two saw the same. */
export interface Computed {
  readonly viewDigest: `0x${string}`
  readonly decision: Decision
  readonly follow: readonly PlatformDraft[]
}

/** A subnet system as the engine and the API use it: nothing of its own types shows. */
export interface SubnetSystem {
  readonly name: string
  readonly netuids: readonly number[]
  readonly triggers: readonly EventType[]
  readonly entities: readonly Entity[]
  readonly projections: readonly Projection[]
  readonly defaultPolicy: Versioned
  /** The policy that holds at a block out of a history, checked; undefined before the first. @throws SL-POLICY-INVALID */
  policyAt(history: readonly unknown[], height: number): Versioned | undefined
  /** Fields of a policy that nobody ever published. @throws SL-POLICY-INVALID */
  unpublished(policy: unknown): readonly Unpublished[]
  /** What a policy says about weights calls; undefined: nothing beside the chain's own limits. @throws SL-POLICY-INVALID */
  callRules(policy: unknown): CallRules | undefined
  /** Pure but for reading rows: the same rows and policy give the same bytes on any machine. */
  compute(source: RowSource, policy: Versioned): Promise<Computed>
  explain(source: RowSource, policy: Versioned, subject: string): Promise<unknown>
  whatIf(source: RowSource, policy: Versioned, change: unknown): Promise<unknown>
  /** @throws Error for a question that the system does not know: a fault of the program */
  inspect(source: RowSource, policy: Versioned, question: string, args?: unknown): Promise<unknown>
  readRoutes(
    services: Omit<ReadServices, 'inspect'>,
    originOf: TableOrigins,
  ): FastifyPluginAsyncTypebox | undefined
  openPlatform(options: PlatformOptions): Promise<OpenPlatform>
}

export function defineSystem<View, Policy extends Versioned, D extends Decision, State, About = undefined>(
  parts: SubnetParts<View, Policy, D, State, About>,
): SubnetSystem {
  const { mechanism, platform, reads } = parts
  const read = (policy: Versioned) => mechanism.readPolicy(policy)
  const system: SubnetSystem = {
    name: mechanism.name,
    netuids: parts.netuids,
    triggers: parts.triggers ?? [],
    entities: reads.entities,
    projections: reads.projections,
    defaultPolicy: mechanism.defaultPolicy,
    policyAt: (history, height) => policyAt(history.map(mechanism.readPolicy), height),
    unpublished: (policy) => mechanism.unpublished?.(mechanism.readPolicy(policy)) ?? [],
    callRules: (policy) => mechanism.callRules?.(mechanism.readPolicy(policy)),
    async compute(source, policy) {
      const view = await reads.readView(source)
      const decision = mechanism.decide(view, read(policy))
      return { viewDigest: digestOf(view), decision, follow: parts.follow?.(decision) ?? [] }
    },
    async explain(source, policy, subject) {
      const about = await reads.readAbout?.(source, subject)
      return parts.explain?.(await reads.readView(source), read(policy), subject, about as About) ?? null
    },
    async whatIf(source, policy, change) {
      return parts.whatIf?.(await reads.readView(source), read(policy), change) ?? null
    },
    async inspect(source, policy, question, args) {
      const ask = parts.inspect?.[question]
      if (!ask) throw new Error(`${mechanism.name} does not know ${question}`)
      return ask(await reads.readView(source), read(policy), args as never)
    },
    readRoutes: (services, originOf) =>
      reads.routes?.({
        ...services,
        inspect: (question, args) => inspectNow(system, services, originOf, question, args),
      }),
    openPlatform: (options) => openPlatform(platform, { readPolicy: mechanism.readPolicy, ...options }),
  }
  return system
}
