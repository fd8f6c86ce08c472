import type { SubsetScheme } from './policy'

/** 2^16 subsets; one task more doubles the work of every decision. */
export const MAX_TASKS = 16

/** Points for winning a subset of `size` tasks (spec bitrecs §5.5). */
export function subsetPoints(size: number, scheme: SubsetScheme): number {
  if (scheme === 'equal') return 1
  return scheme === 'linear' ? size : 2 ** (size - 1)
}

/** Points of all non-empty subsets of `taskCount` tasks together: (3^n − 1)/2, n·2^(n−1), 2^n − 1. */
export function subsetTotal(taskCount: number, scheme: SubsetScheme): number {
  if (scheme === 'equal') return 2 ** taskCount - 1
  return scheme === 'linear' ? taskCount * 2 ** (taskCount - 1) : (3 ** taskCount - 1) / 2
}

/** Tasks of a subset given as a bit mask, in task order. */
export function tasksOf(mask: number): number[] {
  const tasks: number[] = []
  for (let task = 0; mask >> task !== 0; task++) if ((mask >> task) & 1) tasks.push(task)
  return tasks
}
