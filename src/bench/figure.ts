import os from 'node:os'

export interface Figure {
  readonly bench: string
  readonly metric: string
  readonly value: number
  readonly unit: string
  /** What the figure has to reach; `pass` says whether it does. */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number }
  /** What a ratio divides, in words. */
  readonly ratioOf?: string
  /** Every single measurement, in the order taken. */
  readonly rounds?: readonly number[]
}

export function figure(it: Figure): Record<string, unknown> {
  const { target } = it
  const pass = target && ('atLeast' in target ? it.value >= target.atLeast : it.value <= target.atMost)
  return { ...it, value: rounded(it.value), rounds: it.rounds?.map(rounded), pass }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export function machine(): Record<string, unknown> {
  const cpus = os.cpus()
  return {
    bench: 'machine',
    cores: os.availableParallelism(),
    processor: cpus[0]?.model,
    memoryGib: rounded(os.totalmem() / 1024 ** 3),
    node: process.version,
    system: `${os.type()} ${os.release()}`,
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
