export { type Act, actNow, submitAs } from './act'
export {
  type Actor,
  actor,
  autoresearch,
  bitrecs,
  bitrecsRoles,
  type Cast,
  caster,
  casts,
  delegate,
  founder,
  latecomer,
  newcomer,
  partners,
  root,
  stranger,
  usurper,
} from './actors'
export * as calls from './calls'
export {
  bitrecsPayload,
  commitHeightOf,
  type Gist,
  gistOf,
  gistsUpTo,
  payloadOf,
  scriptedArtifacts,
} from './gist'
export { Locksmith } from './locksmith'
export type { CommitReveal } from './setup'
export { HISTORY_BLOCKS, type ScenarioOptions, type ScriptOptions, startScenario } from './start-scenario'
export type { Script, Step } from './step'
