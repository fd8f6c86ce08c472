import { defineSystem } from '../system'
import { trees } from './mechanism'
import { treePlatform } from './platform'
import { treeReads } from './reads'

/** Mechanism, platform and read models joined: this is all that the engine and the API are given. */
export const treeSystem = defineSystem({
  mechanism: trees,
  platform: treePlatform,
  reads: treeReads,
  netuids: [4000],
})
