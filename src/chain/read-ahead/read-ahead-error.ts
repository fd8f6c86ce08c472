import { LedgerError } from '../../errors/ledger-error'

/** Facts that contradict each other: nothing more is served, so that the indexer stops where it is. */
export function contradiction(height: number, message: string, hashes: Record<string, string>): LedgerError {
  return new LedgerError('SL-CHAIN-CONTRADICTION', 'contradiction', `Block ${height}: ${message}`, {
    remedy:
      'Compare the block with another node of the same chain. If this node is wrong, use another one; if cached blocks are wrong, remove the block cache and start again.',
    facts: { height, ...hashes },
  })
}

export function endpointsDisagree(height: number, what: string, values: Record<string, string>): LedgerError {
  return new LedgerError(
    'SL-NODES-DISAGREE',
    'contradiction',
    `Block ${height}: the two nodes give different ${what}.`,
    {
      remedy:
        'Ask a third node which of them is right, and start again with the right one. Nothing of this block was indexed.',
      facts: { height, ...values },
    },
  )
}

export function nodeUnreachable(url: string, cause?: unknown): LedgerError {
  return new LedgerError('SL-NODE-UNREACHABLE', 'retryable', `The node at ${url} does not answer.`, {
    remedy: 'Check the address and the network, or name another node with --rpc.',
    facts: { url },
    cause,
  })
}

export function statePruned(height: number, cause: unknown): LedgerError {
  return new LedgerError('SL-NODE-PRUNED', 'user', `The node keeps no state of block ${height} any more.`, {
    remedy: 'Use an archive node (--rpc), or a later start (--from).',
    facts: { height },
    cause,
  })
}

export function blockMissing(height: number, attempts: number): LedgerError {
  return new LedgerError(
    'SL-NODE-INCOMPLETE',
    'retryable',
    `The node lacks block ${height}, although it is finalized; asked ${attempts} times.`,
    { remedy: 'Wait until the node has caught up, or use another one.', facts: { height, attempts } },
  )
}
