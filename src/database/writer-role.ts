import type { QueryRunner } from 'typeorm'

/** May read everything, write projections, and only add to the log. */
export const WRITER_ROLE = 'subledger_writer'

const LOG_TABLES = ['log_event', 'log_tile', 'log_checkpoint', 'ledger_identity', 'platform_blob']
const INSUFFICIENT_PRIVILEGE = '42501'

/**
 * Creates the role and its rights, again after each migration so that new tables are covered.
 * @returns false when this database user may not create roles (the triggers protect the log alone then)
 */
export async function grantWriter(db: Pick<QueryRunner, 'query'>): Promise<boolean> {
  try {
    await db.query(`
      do $$ begin create role ${WRITER_ROLE} nologin;
      exception when duplicate_object or unique_violation then null; end $$`)
    await db.query(`grant ${WRITER_ROLE} to current_user`)
    for (const schema of ['public', 'squid_processor']) {
      await db.query(`grant usage on schema ${schema} to ${WRITER_ROLE}`)
      await db.query(
        `grant select, insert, update, delete on all tables in schema ${schema} to ${WRITER_ROLE}`,
      )
    }
    await db.query(
      `alter default privileges in schema public grant select, insert, update, delete on tables to ${WRITER_ROLE}`,
    )
    await db.query(`grant usage on all sequences in schema public to ${WRITER_ROLE}`)
    await db.query(`revoke update, delete, truncate on ${LOG_TABLES.join(', ')} from ${WRITER_ROLE}`)
    return true
  } catch (error) {
    if ((error as { code?: string }).code === INSUFFICIENT_PRIVILEGE) return false
    throw error
  }
}
