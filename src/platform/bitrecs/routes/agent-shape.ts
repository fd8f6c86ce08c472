import type { Artifact } from '../submission/artifact'

/** What the platform knows of an artifact beside its text. */
export interface AgentFacts {
  readonly agentId: string
  /** SS58 */
  readonly hotkey: string
  /** Uid at the time of submission. */
  readonly uid: number
  readonly status: string
  /** ms since the Unix epoch */
  readonly submittedAtMs: number
}

/**
 * An artifact as existing clients read one (spec bitrecs §2.5): what the miner wrote, with what the platform added. Clients take a
 * missing example list as null, but want a map of scores even when it is empty.
 */
export const agentShape = (artifact: Artifact, facts: AgentFacts) => ({
  agent_id: facts.agentId,
  miner_hotkey: facts.hotkey,
  name: artifact.name,
  version_num: artifact.version_num,
  status: facts.status,
  created_at: new Date(facts.submittedAtMs).toISOString().replace('Z', '+00:00'),
  ip_address: null,
  miner_uid: String(facts.uid),
  provider: artifact.provider,
  model: artifact.model,
  system_prompt_template: artifact.system_prompt_template,
  user_prompt_template: artifact.user_prompt_template,
  sampling_params: artifact.sampling_params,
  fewshot_examples: artifact.fewshot_examples ?? null,
  eval_scores: artifact.eval_scores ?? {},
})
