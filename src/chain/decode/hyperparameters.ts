import { type Parameter, parameters, subnetOwnerHotkeySet } from '../../../abi/hyperparameters'
import type { BlockEvent } from './block'
import { type BlockContext, callArgs, eventArgs, positionOf, positionOfCall } from './context'
import type { CallHandler, Handler } from './handler'
import { parameterValue } from './parameter-value'
import type { Reading } from './storage-read'
import { subnetOf } from './subnet-of'

interface Setting {
  readonly netuid: number
  readonly value: unknown
}

function settingOf(ctx: BlockContext, parameter: Parameter, event: BlockEvent): Setting | undefined {
  const args = eventArgs(ctx.runtime, parameter.event!, event)
  if (!args) return undefined
  if (!parameter.eventField) return { netuid: (args as [number, unknown])[0], value: (args as unknown[])[1] }
  const named = args as Record<string, unknown> & { netuid: number }
  return { netuid: named.netuid, value: named[parameter.eventField] }
}

/** A registration sets parameters before it announces the subnet: those wait for its NetworkAdded. */
function waits(ctx: BlockContext, netuid: number, event: BlockEvent): boolean {
  if (ctx.state.get(netuid) || !ctx.block.events.some((e) => e.index > event.index && announces(e, netuid))) {
    return false
  }
  const waiting = ctx.early.get(netuid)
  if (waiting) waiting.push(event)
  else ctx.early.set(netuid, [event])
  return true
}

const announces = (event: BlockEvent, netuid: number) =>
  event.name === 'SubtensorModule.NetworkAdded' && (event.args as unknown[])[0] === netuid

function* set(ctx: BlockContext, name: string, setting: Setting, event: BlockEvent): Reading<void> {
  if (!ctx.watches(setting.netuid) || waits(ctx, setting.netuid, event)) return
  const subnet = yield* subnetOf(ctx, setting.netuid)
  ctx.emit(
    subnet,
    'HyperparameterChanged',
    { name, value: parameterValue(setting.value), source: 'event' },
    positionOf(event, event.call?.signer),
  )
}

const handlerOf = (parameter: Parameter): Handler =>
  function* (ctx, event) {
    const setting = settingOf(ctx, parameter, event)
    if (!setting) return 'unknown shape'
    yield* set(ctx, parameter.name, setting, event)
  }

const ownerHotkey: Handler = function* (ctx, event) {
  const args = eventArgs(ctx.runtime, subnetOwnerHotkeySet, event)
  if (!args) return 'unknown shape'
  yield* set(ctx, 'SubnetOwnerHotkey', { netuid: args[0], value: args[1] }, event)
}

export const hyperparameterHandlers: Record<string, Handler> = {
  ...Object.fromEntries(parameters.filter((p) => p.event).map((p) => [p.event!.id, handlerOf(p)])),
  [subnetOwnerHotkeySet.id]: ownerHotkey,
}

/** AdminUtils calls count only where the runtime has no event that tells the same. */
const callHandlerOf = (parameter: Parameter): CallHandler =>
  function* (ctx, call) {
    if (parameter.event && ctx.runtime.hasEvent(parameter.event.id)) return
    const args = callArgs(ctx.runtime, parameter.call!, call) as Record<string, unknown> | undefined
    if (!args) return 'unknown shape'
    const netuid = args.netuid as number
    if (!ctx.watches(netuid)) return
    const subnet = yield* subnetOf(ctx, netuid)
    const values = parameter.callArgs.map((name) => args[name])
    ctx.emit(
      subnet,
      'HyperparameterChanged',
      {
        name: parameter.name,
        value: parameterValue(values.length === 1 ? values[0] : values),
        source: 'call',
      },
      positionOfCall(call),
    )
  }

export const hyperparameterCallHandlers: Record<string, CallHandler> = Object.fromEntries(
  parameters.filter((p) => p.call).map((p) => [p.call!.id, callHandlerOf(p)]),
)
