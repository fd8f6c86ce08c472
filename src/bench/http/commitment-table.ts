import { connect } from '../../database/connect'

/** Blocks between two commitments of the made-up chain. */
const BLOCKS_PER_COMMITMENT = 1
export const BENCH_NETUID = 122
const FIRST_HEIGHT = 1_000

/**
 * Fills the tables with `rows` commitments, each the first of its hotkey, in one statement a table. Hotkeys are
 * SHA-256("hotkey <number>"), as the load generator makes them.
 */
export async function fillCommitments(databaseUrl: string, rows: number): Promise<void> {
  const client = await connect(databaseUrl)
  try {
    await client.query(SUBNET)
    await client.query(COMMITMENTS, [rows])
    await client.query(FIRST_SUBMISSIONS)
    await client.query(HEAD, [FIRST_HEIGHT + rows * BLOCKS_PER_COMMITMENT])
    await client.query('vacuum analyze')
    // What filling left to be written would otherwise be written while others are measured.
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}

const SUBNET = `
  insert into subnet (id, netuid, subnet_instance, modality, source, block_time, valid_from, from_seq)
  values ('${BENCH_NETUID}-0', ${BENCH_NETUID}, 1, 0, 'event', '2026-01-01Z', 1, 0)`

const COMMITMENTS = `
  insert into commitment (id, netuid, subnet_instance, ordinal, hotkey, uid, lineage, kind, content, content_hash, source, extrinsic_index, event_index, block_hash, block_time, state, valid_from, from_seq)
  select '${BENCH_NETUID}-' || lpad(i::text, 10, '0'), ${BENCH_NETUID}, 1, i, k, i % 256, k, 'PLAIN',
    c, sha256(c), 'call', 1, i % 40, sha256(('block ' || i)::bytea),
    '2026-01-01Z'::timestamptz + i * interval '12 s', 'PLAIN', ${FIRST_HEIGHT} + i * ${BLOCKS_PER_COMMITMENT}, i + 1
  from (select i, sha256(('hotkey ' || i)::bytea) as k, ('{"model":"org/model-' || i || '"}')::bytea as c
        from generate_series(0, $1::int - 1) i) made`

const FIRST_SUBMISSIONS = `
  insert into first_submission (id, netuid, subnet_instance, hotkey, lineage, uid,
    commit_seq, commit_height, commit_extrinsic_index, commit_event_index, commit_block_hash, commit_block_time, commit_id, commit_content_hash,
    reveal_seq, reveal_height, reveal_extrinsic_index, reveal_event_index, reveal_block_hash, reveal_block_time, reveal_commit_id, reveal_content_hash,
    valid_from, from_seq)
  select id, netuid, subnet_instance, hotkey, lineage, uid,
    from_seq, valid_from, extrinsic_index, event_index, block_hash, block_time, id, content_hash,
    from_seq, valid_from, extrinsic_index, event_index, block_hash, block_time, id, content_hash,
    valid_from, from_seq
  from commitment`

const HEAD = `
  with head as (
    insert into log_head (log, netuid, size, root, frontier, height)
    values ('chain', ${BENCH_NETUID}, 1, sha256('root'), '', $1::int))
  update squid_processor.status set height = $1::int, hash = '0x' || encode(sha256('head'), 'hex')`
