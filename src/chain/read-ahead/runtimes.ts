import type { BlockCache } from './block-cache'
import type { RuntimeVersion } from './runtime-versions'
import type { Upstream } from './upstream'

/** Metadata texts in memory; each takes 1 to 2 MB, and only neighbouring ones are in use. */
const MAX_METADATA_IN_MEMORY = 3

/** Runtime versions by id, and the metadata of each, from memory, disk or the node. */
export class Runtimes {
  private readonly versions = new Map<string, string>()
  private readonly metadata = new Map<string, Promise<string>>()

  constructor(
    private readonly upstream: Upstream,
    private readonly cache: BlockCache | undefined,
  ) {}

  versionText(id: string): string | undefined {
    return this.versions.get(id)
  }

  async learn(versions: ReadonlyMap<string, RuntimeVersion>): Promise<void> {
    for (const [id, version] of versions) {
      if (this.versions.has(id)) continue
      const text = JSON.stringify(version)
      this.versions.set(id, text)
      await this.cache?.writeText('version', id, text)
    }
  }

  /** False when the version's text is nowhere, so that the blocks that report it must be fetched anew. */
  async recall(id: string): Promise<boolean> {
    if (this.versions.has(id)) return true
    const text = await this.cache?.readText('version', id)
    if (text !== undefined) this.versions.set(id, text)
    return text !== undefined
  }

  /** Answer to `state_getMetadata` at any block that reports the runtime, as JSON text. */
  metadataText(id: string, blockHash: string): Promise<string> {
    const known = this.metadata.get(id)
    if (known) return known
    const loading = this.load(id, blockHash)
    this.metadata.set(id, loading)
    loading.catch(() => this.metadata.delete(id))
    if (this.metadata.size > MAX_METADATA_IN_MEMORY) this.metadata.delete(this.metadata.keys().next().value!)
    return loading
  }

  private async load(id: string, blockHash: string): Promise<string> {
    const cached = await this.cache?.readText('metadata', id)
    if (cached !== undefined) return cached
    const text = JSON.stringify(await this.upstream.call('state_getMetadata', [blockHash]))
    await this.cache?.writeText('metadata', id, text)
    return text
  }
}
