export { type Devnet, type DevnetOptions, startDevnet } from './node/devnet'
