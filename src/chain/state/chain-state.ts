import { Subnet } from './subnet'

/**
 * What decoding a block needs to know of the blocks before it: a fold of the chain log (`evolve`), nothing else,
 * so that it can be rebuilt at start by reading the log.
 */
export class ChainState {
  private readonly subnets = new Map<number, Subnet>()

  static empty(): ChainState {
    return new ChainState()
  }

  /** Netuids in use, ascending. */
  live(): number[] {
    return [...this.subnets.keys()].sort((a, b) => a - b)
  }

  get(netuid: number): Subnet | undefined {
    return this.subnets.get(netuid)
  }

  all(): Iterable<Subnet> {
    return this.subnets.values()
  }

  open(netuid: number, instance: number): Subnet {
    const subnet = new Subnet(netuid, instance)
    this.subnets.set(netuid, subnet)
    return subnet
  }

  close(netuid: number): void {
    this.subnets.delete(netuid)
  }

  /** True while a weight commit may expire: that happens in blocks without any event. */
  awaitsExpiry(): boolean {
    for (const subnet of this.subnets.values()) if (subnet.weightCommits.length > 0) return true
    return false
  }
}
