import type { Storage } from '../../storage'

const S = (item: string) => `SubtensorModule.${item}`

/** Number of the epoch that a block lies in: `(block + netuid + 1) / (tempo + 1)` (`run_epoch` in `coinbase`). */
export function epochAt(storage: Storage, netuid: number, height: number): number {
  const tempo = storage.get<number>(S('Tempo'), netuid)
  return Math.floor((height + netuid + 1) / (tempo + 1))
}

/** The epoch is computed and paid in the last block of its number (`blocks_until_next_epoch` is 0). */
export function isEpochEnd(storage: Storage, netuid: number, height: number): boolean {
  const tempo = storage.get<number>(S('Tempo'), netuid)
  return tempo > 0 && (height + netuid + 1) % (tempo + 1) === tempo
}

export const firstBlockOf = (storage: Storage, netuid: number, epoch: number): number =>
  Math.max(0, epoch * (storage.get<number>(S('Tempo'), netuid) + 1) - netuid - 1)

/** Epochs between a commit and its reveal. */
export function revealPeriod(storage: Storage, netuid: number): number {
  return storage.knows(S('RevealPeriodEpochs'))
    ? Number(storage.get<bigint>(S('RevealPeriodEpochs'), netuid))
    : 1
}
