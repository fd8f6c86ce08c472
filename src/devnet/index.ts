/**
 * The embedded development chain. Production code does not import it; the command line, the bench and tests do.
 *
 * A pallet's rules are written against `Pallet` and `DispatchContext` (`pallets/dispatch.ts`) and `Storage`
 * (`storage/storage.ts`); a script of miners and validators is a `Scenario` (`node/author.ts`), which signs with
 * `signerOf(name)` so that two runs give the same bytes. Whoever drives the devnet from outside takes the cast, the
 * calls and `submitAs` from `scenario/`.
 */
export type { AuthorContext, Scenario } from './node/author'
export { DEV_NAMES, type DevName, devAccount, devPair } from './node/dev-accounts'
export { startDevnet } from './node/devnet'
export type { Devnet, DevnetFaults, DevnetOptions } from './node/devnet-options'
export type { Lie } from './node/faults'
export { type Signer, signExtrinsic, signerOf } from './node/signer'
export * from './scenario'
