import path from 'node:path'
import type { Grader } from '../../../validator/caster/grading/grader'
import type { OwnershipCheck } from '../../../validator/caster/http/check-caller'
import { type CasterValidator, startCasterValidator } from '../../../validator/caster/start-caster-validator'
import type { Tools } from '../../../validator/caster/tools/tool'
import type { Devnet } from '../../node/devnet-options'
import { type Actor, caster } from '../../scenario/actors'
import { hotkeyOf } from '../autoresearch/actors'
import type { HotkeySigner } from '../autoresearch/client'
import { devnetSandboxes } from './sandboxes'

const S = (item: string) => `SubtensorModule.${item}`

/** A registry that lists what it is asked for. */
const registry: Tools = {
  search_web: async ({ arguments: { query } }) => ({
    response: {
      data: [
        {
          link: `https://registry.example/?q=${encodeURIComponent(String(query))}`,
          snippet: `What the registry says to: ${String(query)}`,
          title: 'Registry of even numbers',
        },
      ],
    },
  }),
}

/** Whoever has asked the registry has looked it up. */
const grader: Grader = {
  model: 'devnet/grader',
  judge: async ({ minerJustification }) => ({
    isSupported: minerJustification.includes('registry'),
    rationale: 'it names where it was looked up',
  }),
}

/** As the chain of this process has it. */
const ownershipIn =
  ({ node }: Devnet): OwnershipCheck =>
  async (account) => {
    const { storage } = node
    const coldkey = storage.get<string | undefined>(S('Owner'), account)
    if (coldkey === undefined || /^0x0+$/.test(coldkey)) return 'unknown'
    return coldkey === storage.get<string>(S('SubnetOwner'), caster.netuid) ? 'owner' : 'foreign'
  }

export interface PlayingValidator {
  readonly signer: HotkeySigner
  readonly server: CasterValidator
}

interface Surroundings {
  readonly baseUrl: string
  readonly dataDir: string
  /** Default: all of the scenario's. */
  readonly validators?: readonly Actor[]
  readonly onTrouble?: (error: unknown) => void
}

/** The scenario's validators, each with its own folder; their scripts run in this process. */
export async function startValidators(
  devnet: Devnet,
  { baseUrl, dataDir, validators = caster.validators, onTrouble }: Surroundings,
): Promise<PlayingValidator[]> {
  const runner = devnetSandboxes()
  const started = validators.map(hotkeyOf).map(async (signer, n) => ({
    signer,
    server: await startCasterValidator({
      platformUrl: baseUrl,
      signer,
      runner,
      image: 'none',
      tools: registry,
      grader,
      ownership: ownershipIn(devnet),
      dataDir: path.join(dataDir, `devnet-caster-validator-${n + 1}`),
      sandboxTimes: { startDelayMs: 0 },
      ...(onTrouble && { onFault: onTrouble }),
    }),
  }))
  return Promise.all(started)
}
