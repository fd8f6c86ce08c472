import { DispatchFailure } from '../dispatch'

/** Fails with an error of the pallet, by its name in the metadata. */
export function fail(reason: string): never {
  throw new DispatchFailure('SubtensorModule', reason)
}

export function ensure(holds: boolean, reason: string): asserts holds {
  if (!holds) fail(reason)
}
