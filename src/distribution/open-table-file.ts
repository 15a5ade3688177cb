import { parquetPieces, type ParquetPiece } from '../engine/parquet-pieces.ts';
import { currentPrincipal } from '../identity/authenticate.ts';
import { longestSignedMilliseconds } from '../identity/signing-keys.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';
import type { TableFile } from '../sync/table-state.ts';
import { addDownload, type Sent } from './audit-download.ts';
import { DownloadRefusedError } from './signed-download.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'table.downloaded': { sqlName: string; sha256: string; bytes: number; complete: boolean };
  }
}

/** A file of a table that may be sent. */
export interface TableDownload {
  readonly table: Table;
  readonly file: TableFile;
  readonly principal: Principal;
  /** Whether it may go on: asked anew before each piece of the answer. */
  allowed(): boolean;
}

/**
 * The file of a table that the principal may read now, among those the table consists of now; throws a `DownloadRefusedError`
 * with 404 otherwise, whatever the reason.
 */
export function openTableFile(
  services: Services,
  given: { principal: Principal; tableId: string; sha256: string },
): TableDownload {
  const { principal, tableId, sha256 } = given;
  const allowed = () => {
    const now = currentPrincipal(services, principal);
    return now !== null && now.roles.has('core.viewer') && services.tableAccess.canRead(now, tableId);
  };
  const table = allowed() ? services.registry.table(tableId) : null;
  const file = services.generations.state(tableId)?.files.find((one) => one.sha256 === sha256);
  if (!table || !file) throw new DownloadRefusedError(404, 'There is no such file; ask for the manifest again.');
  return { table, file, principal, allowed };
}

/** The path of a table's file. */
export function tableFilePath(tableId: string, sha256: string): string {
  return `/data/${tableId}/${sha256}.parquet`;
}

/** Path and query under which this principal can fetch the file without any header, for an hour. */
export function signedTableFilePath(
  services: Services,
  given: { principal: Principal; tableId: string; sha256: string },
): string {
  const { userId, credential } = given.principal;
  const expiresAt = new Date(services.clock.now().getTime() + longestSignedMilliseconds);
  return services.urlSigner.sign(tableFilePath(given.tableId, given.sha256), { userId, credential, expiresAt });
}

/** Puts a download that has ended into the audit, in the next batch. */
export function auditTableDownload(
  services: Services,
  { table, file, principal }: TableDownload,
  { bytes, complete, requestId }: Sent,
): void {
  addDownload(services, {
    action: 'table.downloaded',
    resource: `table:${table.id}`,
    principal,
    details: { sqlName: table.sqlName, sha256: file.sha256, bytes, complete },
    requestId,
  });
}

const keptPieceLists = 256;
const pieceLists = new Map<string, Promise<ParquetPiece[]>>();

/** The pieces of a table's file; read once, and kept for the files that were asked for last. */
export function piecesOf({ sha256, path }: TableFile): Promise<ParquetPiece[]> {
  const pieces = pieceLists.get(sha256) ?? parquetPieces(path);
  pieceLists.delete(sha256);
  pieceLists.set(sha256, pieces);
  pieces.catch(() => pieceLists.delete(sha256));
  const [eldest] = pieceLists.keys();
  if (pieceLists.size > keptPieceLists) pieceLists.delete(eldest!);
  return pieces;
}
