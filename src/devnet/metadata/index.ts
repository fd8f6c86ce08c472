export { assembleMetadata, METADATA_VERSIONS, type MetadataVersion } from './assemble'
export { type RuntimeVersion, runtimeVersion, SPEC_NAME } from './runtime-version'
