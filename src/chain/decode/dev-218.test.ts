import { describe, expect, it } from 'vitest'
import type { EventDraft } from '../../log/envelope'
import { decodeAll, decodeRaw, hasShared, recordedBlocks, runtimeFrom, sharedChain } from '../test-blocks'

/** Accounts of the recording by the part they play. */
const names: Record<string, string> = {
  d43593c7: 'alice',
  b2205080: 'ownerHotkey',
  '10470b1b': 'hot1',
  '8eaf0415': 'bob',
  d0908fc2: 'hot2',
  '90b5ab20': 'charlie',
  '322c8ac2': 'hot3',
  '30672121': 'dave',
  f2398171: 'hot4',
  bd035307: 'multisig',
  eaf3f685: 'hot1b',
  '1cbd2d43': 'ferdie',
}

const short = (text: string) =>
  text.replace(/0x([0-9a-f]{8})[0-9a-f]{56}/g, (_, head: string) => names[head] ?? `0x${head}`)

const line = (d: EventDraft) => {
  const at = [d.extrinsicIndex, ...(d.callPath ?? [])].join('.')
  return `${d.height} [${d.netuid}@${d.subnetInstance}] ${at}#${d.eventIndex} ${d.type} ${short(JSON.stringify(d.payload))}`
}

const registered = (netuid: number, height: number, firstEvent: number) =>
  [
    ['NetworkRegistrationAllowed', true],
    ['MaxAllowedUids', '256'],
    ['MaxAllowedValidators', '64'],
    ['MinAllowedWeights', '1'],
    ['MaxWeightsLimit', '65535'],
    ['AdjustmentInterval', '360'],
    ['TargetRegistrationsPerInterval', '1'],
    ['AdjustmentAlpha', '17893341751498265066'],
    ['ImmunityPeriod', '5000'],
    ['MinBurn', '1'],
    ['MinDifficulty', '18446744073709551615'],
    ['MaxDifficulty', '18446744073709551615'],
  ].map(
    ([name, value], i) =>
      `${height} [${netuid}@${height}] 1#${firstEvent + i} HyperparameterChanged ${JSON.stringify({ name, value, source: 'event' })}`,
  )

const neuron = (over: object) =>
  `NeuronRegistered ${JSON.stringify({ uid: 0, hotkey: '', coldkey: '', lineage: '', registeredAt: 0, replaced: null, source: 'event', ...over })}`
const plain = (kind: string, bytes: string) => [{ kind, bytes, revealRound: null }]
const commit = 'de7e18f38f846abd6281f4692610dce7aefbe61a85057759691bc156aa726e2b'

describe.skipIf(!hasShared)(`the scripted recording (${sharedChain}/recordings/dev-218.jsonl)`, () => {
  const decode = (netuids: 'all' | ReadonlySet<number>) => {
    const runtime = runtimeFrom('recordings/dev-218.metadata.hex.gz', 218)
    const blocks = recordedBlocks('dev-218.jsonl').slice(1)
    return decodeAll(
      blocks.map((b) => decodeRaw(b, runtime)),
      netuids,
    ).drafts
  }

  it('becomes exactly these events', () => {
    expect(decode('all').map(line)).toEqual([
      '2 [2@2] 1#15 SubnetRegistered {"modality":0,"ownerColdkey":"alice","ownerHotkey":"ownerHotkey","source":"event"}',
      `2 [2@2] 1#15 ${neuron({ hotkey: 'ownerHotkey', coldkey: 'alice', lineage: 'ownerHotkey', registeredAt: 2, source: 'owner' })}`,
      ...registered(2, 2, 3),
      `3 [2@2] 1#4 ${neuron({ uid: 1, hotkey: 'hot1', coldkey: 'bob', lineage: 'hot1', registeredAt: 3 })}`,
      `3 [2@2] 2#10 ${neuron({ uid: 2, hotkey: 'hot2', coldkey: 'charlie', lineage: 'hot2', registeredAt: 3 })}`,
      `4 [2@2] 1#1 Committed ${JSON.stringify({ who: 'hot1', uid: 1, lineage: 'hot1', fields: plain('Raw24', '0x7b2276223a312c226172746966616374223a22616263227d'), contentHash: '0x730bad10', source: 'call' })}`,
      `5 [2@2] 1.0#3 Committed ${JSON.stringify({ who: 'hot2', uid: 2, lineage: 'hot2', fields: plain('Raw7', '0x62617463682d31'), contentHash: '0x8f581546', source: 'call' })}`,
      `5 [2@2] 3.1#18 ${neuron({ uid: 3, hotkey: 'hot3', coldkey: 'dave', lineage: 'hot3', registeredAt: 5 })}`,
      '8 [2@2] 1.0#2 HyperparameterChanged {"name":"Tempo","value":"60","source":"event"}',
      `10 [2@2] 1.0#6 ${neuron({ uid: 4, hotkey: 'hot4', coldkey: 'multisig', lineage: 'hot4', registeredAt: 10 })}`,
      '12 [2@2] 1#1 WeightsSet {"mechanism":0,"uid":1,"hotkey":"hot1","source":"set","values":"call","versionKey":"0","uids":[0,1,2],"raw":[10,20,30],"u16":[21845,43690,65535],"hotkeys":["ownerHotkey","hot1","hot2"]}',
      `13 [2@2] 2#3 WeightsCommitted {"mechanism":0,"who":"hot1","uid":1,"kind":"hash","commitHash":"0x${commit.slice(0, 8)}","revealRound":null}`,
      '20 [2@2] 1#1 WeightsSet {"mechanism":0,"uid":1,"hotkey":"hot1","source":"reveal","values":"call","versionKey":"0","uids":[0,1],"raw":[7,8],"u16":[57343,65535],"hotkeys":["ownerHotkey","hot1"]}',
      `20 [2@2] 1#2 WeightsRevealed {"mechanism":0,"who":"hot1","uid":1,"kind":"hash","commitHash":"0x${commit.slice(0, 8)}","commit":{"height":13,"eventIndex":3}}`,
      '21 [2@2] 1#2 HotkeySwapped {"uid":1,"oldHotkey":"hot1","newHotkey":"hot1b","coldkey":"bob","lineage":"hot1","registeredAt":3,"scope":"all"}',
      `22 [2@2] 1#4 ${neuron({ uid: 5, hotkey: 'ferdie', coldkey: 'ferdie', lineage: 'ferdie', registeredAt: 22 })}`,
      '23 [2@2] 1#3 TenureEnded {"uid":1,"hotkey":"hot1b","registeredAt":3,"reason":"replaced","weightsCleared":false}',
      `23 [2@2] 1#3 ${neuron({ uid: 1, hotkey: 'dave', coldkey: 'dave', lineage: 'dave', registeredAt: 23, replaced: 'hot1b' })}`,
      '25 [3@25] 1#14 SubnetRegistered {"modality":0,"ownerColdkey":"charlie","ownerHotkey":"hot2","source":"event"}',
      `25 [3@25] 1#14 ${neuron({ hotkey: 'hot2', coldkey: 'charlie', lineage: 'hot2', registeredAt: 25, source: 'owner' })}`,
      ...registered(3, 25, 2),
    ])
  })

  it('gives a subnet the same bytes whatever other subnets are indexed', () => {
    const all = decode('all')
    for (const netuid of [2, 3]) {
      expect(decode(new Set([netuid]))).toEqual(all.filter((d) => d.netuid === netuid))
    }
  })
})
