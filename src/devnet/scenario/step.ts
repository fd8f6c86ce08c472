import type { AuthorContext } from '../node/author'
import type { Locksmith } from './locksmith'

/** What happens before one block is made. */
export type Step = (context: AuthorContext, locksmith: Locksmith) => void

/** Steps by the height of the block they come before; several of one height in their order. */
export type Script = readonly (readonly [height: number, step: Step])[]
