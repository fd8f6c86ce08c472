import type { EventType, PayloadOf } from '../../log/catalogue'
import type { EventDraft } from '../../log/envelope'
import type { ChainState } from './chain-state'
import type { Holder, Subnet } from './subnet'

/** Types of the chain log that the state is made of; read these at start. */
export const stateEventTypes = [
  'SubnetRegistered',
  'SubnetDissolved',
  'NeuronRegistered',
  'TenureEnded',
  'HotkeySwapped',
  'ColdkeySwapped',
  'UidsTrimmed',
  'Committed',
  'CommitmentTimelocked',
  'CommitmentRevealed',
  'WeightsCommitted',
  'WeightsRevealed',
  'WeightsCommitExpired',
  'EpochEmitted',
  'ValidatorPermitsChanged',
  'HyperparameterChanged',
] as const satisfies readonly EventType[]

type StateEventType = (typeof stateEventTypes)[number]

/** What an event of the log needs to have to be folded; a LogEvent and a draft both do. */
export type Folded = Pick<
  EventDraft,
  'netuid' | 'subnetInstance' | 'type' | 'height' | 'eventIndex' | 'payload'
>

type Change<T extends EventType> = (subnet: Subnet, payload: PayloadOf<T>, event: Folded) => void

/** Applies one event of the chain log to the state. */
export function evolve(state: ChainState, event: Folded): void {
  if (event.type === 'SubnetRegistered') {
    const payload = event.payload as PayloadOf<'SubnetRegistered'>
    state.open(event.netuid, event.subnetInstance).ownerColdkey = payload.ownerColdkey
    return
  }
  if (event.type === 'SubnetDissolved') {
    state.close(event.netuid)
    return
  }
  const change = changes[event.type as StateEventType] as Change<EventType> | undefined
  if (!change) return
  const subnet = state.get(event.netuid)
  if (subnet) change(subnet, event.payload, event)
}

const changes: { [T in StateEventType]?: Change<T> } = {
  NeuronRegistered: (subnet, p) => {
    subnet.place(p.uid, { hotkey: p.hotkey, coldkey: p.coldkey, registeredAt: p.registeredAt })
    subnet.permits?.delete(p.uid)
  },
  TenureEnded: (subnet, p) => {
    subnet.vacate(p.uid)
    subnet.permits?.delete(p.uid)
  },
  HotkeySwapped: (subnet, p) => {
    subnet.lineage.set(p.newHotkey, p.lineage)
    subnet.swappedTo.set(p.oldHotkey, p.newHotkey)
    if (p.uid === null) return
    const before = subnet.holders[p.uid]
    if (before) subnet.place(p.uid, { ...before, hotkey: p.newHotkey })
  },
  ColdkeySwapped: (subnet, p) => {
    if (subnet.ownerColdkey === p.oldColdkey) subnet.ownerColdkey = p.newColdkey
    for (const uid of p.uids) {
      const before = subnet.holders[uid]
      if (before) subnet.holders[uid] = { ...before, coldkey: p.newColdkey }
    }
  },
  UidsTrimmed: (subnet, p) => move(subnet, p.moved),
  Committed: (subnet, p) => {
    subnet.timelocks.delete(p.who)
    if (!subnet.lineage.has(p.who)) subnet.lineage.set(p.who, p.lineage)
  },
  CommitmentTimelocked: (subnet, p, event) => {
    const rounds = p.fields
      ? p.fields.flatMap((f) => (f.revealRound === null ? [] : [BigInt(f.revealRound)]))
      : [BigInt(p.revealRound)]
    rounds.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    subnet.timelocks.set(p.who, { height: event.height, eventIndex: event.eventIndex ?? 0, rounds })
    if (!subnet.lineage.has(p.who)) subnet.lineage.set(p.who, p.lineage)
  },
  CommitmentRevealed: (subnet, p) => {
    const pending = subnet.timelocks.get(p.who)
    if (!pending) return
    const rounds = pending.rounds.slice(1)
    if (rounds.length > 0) subnet.timelocks.set(p.who, { ...pending, rounds })
    else subnet.timelocks.delete(p.who)
  },
  WeightsCommitted: (subnet, p, event) => {
    const { mechanism, who, kind, commitHash } = p
    subnet.weightCommits = [
      ...subnet.weightCommits,
      {
        mechanism,
        who,
        kind,
        commitHash,
        height: event.height,
        eventIndex: event.eventIndex ?? null,
        epochsSeen: 0,
      },
    ]
  },
  WeightsRevealed: (subnet, p) => {
    const { commit, commitHash } = p
    if (commit && commitHash) settle(subnet, p.who, commitHash, commit)
  },
  WeightsCommitExpired: (subnet, p) => settle(subnet, p.who, p.commitHash, p.commit),
  EpochEmitted: (subnet) => {
    if (subnet.weightCommits.length === 0) return
    subnet.weightCommits = subnet.weightCommits.map((c) => ({ ...c, epochsSeen: c.epochsSeen + 1 }))
  },
  ValidatorPermitsChanged: (subnet, p) => {
    subnet.permits = new Set(p.uids)
  },
  HyperparameterChanged: (subnet, p) => {
    subnet.parameters.set(p.name, p.value)
  },
}

/** Removes the pending commit that a reveal or expiry names. */
function settle(
  subnet: Subnet,
  who: string,
  commitHash: string,
  ref: { readonly height: number; readonly eventIndex: number | null },
): void {
  const at = subnet.weightCommits.findIndex(
    (c) =>
      c.who === who &&
      c.commitHash === commitHash &&
      c.height === ref.height &&
      c.eventIndex === ref.eventIndex,
  )
  if (at >= 0) subnet.weightCommits = subnet.weightCommits.filter((_, i) => i !== at)
}

function move(subnet: Subnet, moved: PayloadOf<'UidsTrimmed'>['moved']): void {
  const holders = new Map<number, Holder>()
  for (const { from, to } of moved) {
    const holder = subnet.holders[from]
    if (holder) holders.set(to, holder)
  }
  for (const { from } of moved) subnet.vacate(from)
  for (const [to, holder] of holders) subnet.place(to, holder)
  if (!subnet.permits) return
  const along = moved.filter(({ from }) => subnet.permits!.has(from))
  for (const { from, to } of moved) for (const uid of [from, to]) subnet.permits.delete(uid)
  for (const { to } of along) subnet.permits.add(to)
}
