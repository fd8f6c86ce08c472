export type { Storage, StorageKeys } from './storage'
