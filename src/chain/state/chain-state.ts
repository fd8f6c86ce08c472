import { Subnet } from './subnet'

/**
 * What decoding a block needs to know of the blocks before it: a fold of the chain log (`evolve`), nothing else,
 * so that it can be rebuilt at start by reading the log.
 *
 * A batch works on a `fork()`, which copies a subnet only when it is written to; `adopt` it once the batch is
 * committed, drop it when the transaction was rolled back.
 */
export class ChainState {
  private own = new Set<number>()

  private constructor(private readonly subnets: Map<number, Subnet>) {}

  static empty(): ChainState {
    return new ChainState(new Map())
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

  /** The subnet, for writing. */
  edit(netuid: number): Subnet | undefined {
    const subnet = this.subnets.get(netuid)
    if (!subnet || this.own.has(netuid)) return subnet
    const copy = subnet.clone()
    this.subnets.set(netuid, copy)
    this.own.add(netuid)
    return copy
  }

  open(netuid: number, instance: number): Subnet {
    const subnet = new Subnet(netuid, instance)
    this.subnets.set(netuid, subnet)
    this.own.add(netuid)
    return subnet
  }

  close(netuid: number): void {
    this.subnets.delete(netuid)
    this.own.delete(netuid)
  }

  /** A state that changes without this one changing; this one must not be written to while the fork is in use. */
  fork(): ChainState {
    return new ChainState(new Map(this.subnets))
  }
}
