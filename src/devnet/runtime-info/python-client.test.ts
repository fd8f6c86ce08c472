import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { encodeAddress } from '@polkadot/util-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lock, unlock } from '../../timelock/timelock'
import { type Actor, caster, type Devnet, gistOf, payloadOf, startScenario } from '..'
import { Beacon } from '../pallets/drand/beacon'

const python =
  process.env.SUBLEDGER_PYTHON ?? path.resolve(__dirname, '../../../.subledger/python/bin/python')
const script = path.join(__dirname, 'python-client.py')
const isThere = existsSync(python)
if (!isThere) console.info(`skipped: there is no Python with the package bittensor at ${python}`)

const SEED = 6
const HISTORY_BLOCKS = 120
const CLIENT_TIMEOUT_MS = 240_000
const S = (item: string) => `SubtensorModule.${item}`
const [miner] = caster.miners
const [, validator] = caster.validators
const ss58 = (account: string) => encodeAddress(account, 42)
const seeds = ({ hotkey, coldkey }: Actor) => ({ hotkey: hotkey.seed, coldkey: coldkey.seed })

/** drand's quicknet for round 1000, as it was published. */
const QUICKNET_1000 =
  'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39'

describe.skipIf(!isThere)('Bittensor’s Python client on the devnet', () => {
  let devnet: Devnet
  // biome-ignore lint/suspicious/noExplicitAny: whatever the script prints
  let seen: any

  beforeAll(async () => {
    devnet = await startScenario({
      seed: SEED,
      historyBlocks: HISTORY_BLOCKS,
      blockTimeMs: 250,
      scriptedWeights: [],
    })
    const beacon = new Beacon(SEED)
    const bytes = lock(Buffer.from('locked on the devnet'), 5_000n, beacon.publicKey, Buffer.alloc(64, 1))
    const given = {
      url: devnet.wsUrl,
      netuid: caster.netuid,
      revealing: 122,
      miner: seeds(miner!),
      validator: seeds(validator!),
      lock: {
        bytes: Buffer.from(bytes).toString('hex'),
        round: 5_000,
        signature: beacon.pulse(5_000n).signature.slice(2),
      },
    }
    const run = promisify(execFile)
    const { stdout } = await run(python, [script, JSON.stringify(given)], {
      timeout: CLIENT_TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
    })
    seen = JSON.parse(/^SEEN (.*)$/m.exec(stdout)![1]!)
  }, CLIENT_TIMEOUT_MS + 60_000)
  afterAll(() => devnet?.close())

  const stored = <T>(item: string, ...keys: unknown[]) => devnet.node.storage.get<T>(item, ...keys)
  const uidOf = (actor: Actor) => stored<number>(S('Uids'), caster.netuid, actor.hotkey.account)

  it('reads the metagraph as the chain has it', () => {
    const { netuid } = caster
    const size = stored<number>(S('SubnetworkN'), netuid)
    const hotkeys = Array.from({ length: size }, (_, uid) => stored<string>(S('Keys'), netuid, uid))
    const owners = hotkeys.map((hotkey) => ss58(stored<string>(S('Owner'), hotkey)))
    expect(seen.metagraph).toMatchObject({ n: size, hotkeys: hotkeys.map(ss58), coldkeys: owners })
    expect(seen.metagraph.permits).toEqual(stored(S('ValidatorPermit'), netuid))
    expect(seen.metagraph.permits.filter((is: boolean) => is)).toHaveLength(3)
    expect(seen.metagraph.stake[uidOf(validator!)]).toBe(250)
    expect(seen.neurons).toEqual(
      hotkeys.map((hotkey, uid) => [uid, ss58(hotkey), seen.metagraph.permits[uid]]),
    )
  })

  it('reads hyperparameters and the subnet', () => {
    expect(seen.hyperparameters).toEqual({ tempo: 20, commit_reveal: false, version_key: 0 })
    const size = stored<number>(S('SubnetworkN'), caster.netuid)
    expect(seen.subnet).toEqual({ owner: ss58(caster.owner.coldkey.account), size, price: 1 })
  })

  it('decodes what miners revealed as it decodes mainnet’s', () => {
    const gist = gistOf('miner 1')
    const [[, text]] = seen.revealed[ss58(gist.miner.hotkey.account)]
    expect(text).toBe(payloadOf(gist))
  })

  it('commits, and reads the commitment back', () => {
    expect(seen.commitment).toEqual({ success: true, read: 'from Python' })
  })

  it('commits a text that is timelocked for drand’s quicknet, of which the devnet has no signatures', () => {
    expect(seen.reveal_commitment).toEqual({ success: true })
    const entry = stored<{ info: { fields: { __kind: string; revealRound: bigint }[] } }>(
      'Commitments.CommitmentOf',
      caster.netuid,
      miner!.hotkey.account,
    )
    const [field] = entry.info.fields
    expect(field!.__kind).toBe('TimelockEncrypted')
    expect(field!.revealRound).toBeGreaterThan(10_000_000n)
  })

  it('sets weights with a permit, and is refused without', () => {
    expect(seen.weights).toEqual({
      success: true,
      read: [
        [0, 21_845],
        [uidOf(miner!), 65_535],
      ],
    })
    expect(seen.refused.success).toBe(false)
    expect(seen.refused.message).toContain('NeuronNoValidatorPermit')
  })

  it('stakes', () => {
    expect(seen.stake).toEqual({ success: true, read: 257 })
  })

  it('opens what the devnet locks; and the devnet opens what it locks, given the beacon’s signature', () => {
    expect(seen.opened).toBe('locked on the devnet')
    const opened = unlock(Buffer.from(seen.locked, 'hex'), Buffer.from(QUICKNET_1000, 'hex'))
    expect(Buffer.from(opened!).toString()).toBe('locked in Python')
  })
})
