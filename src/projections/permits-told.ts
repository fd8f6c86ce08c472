/**
 * SQL: the use of a netuid (its first height) whose permits the chain log told last, null when it never told any. An event for an
 * empty set tells too, so rows of the read model alone would not show it.
 * @param netuid a parameter, `$1`
 * @param height a parameter too: what was told up to that block
 */
export const toldInstance = (netuid: string, height?: string): string => {
  const upTo = height
    ? `and e.seq <= (
        select seq from log_event where log = 'chain' and netuid = ${netuid} and height <= ${height}
        order by height desc, seq desc limit 1)`
    : ''
  return `(
    select e.subnet_instance from log_event e
    where e.log = 'chain' and e.netuid = ${netuid} and e.type = 'ValidatorPermitsChanged' ${upTo}
    order by e.seq desc limit 1)`
}
