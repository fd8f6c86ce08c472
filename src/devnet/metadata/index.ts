export { assembleMetadata } from './assemble'
export { type RuntimeVersion, runtimeVersion, SPEC_NAME } from './runtime-version'
