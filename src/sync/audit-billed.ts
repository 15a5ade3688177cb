import { recordAuditEvent } from '../audit/record-audit-event.ts';
import { newId } from '../kernel/ids.ts';
import type { Table } from '../registry/table.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { RunContext } from './run-context.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    /** What the source charged for one table in a run, all attempts together, also when it failed; `bytesBilled` in decimal digits. */
    'syncRun.billed': { source: string; table: string; bytesBilled: string };
  }
}

/** Audits what a table of the run was charged for, in the name of who asked for the run; nothing when it cost nothing. */
export async function auditBilled(
  tx: WriteTransaction,
  { run, source }: Pick<RunContext, 'run' | 'source'>,
  given: { table: Table; bytes: bigint | null },
): Promise<void> {
  const { table, bytes } = given;
  if (bytes === null || bytes === 0n) return;
  await recordAuditEvent(tx, {
    id: newId(),
    at: tx.at,
    actorId: null,
    actor: run.requestedBy,
    credential: 'none',
    action: 'syncRun.billed',
    resource: `syncRun:${run.id}`,
    details: { source: source.name, table: table.sqlName, bytesBilled: String(bytes) },
    requestId: run.id,
  });
}
