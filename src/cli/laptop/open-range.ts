import { failed } from '../failure.ts';
import { notSignedIn } from '../connection/answer.ts';
import { unreachable } from '../connection/unreachable.ts';
import { version } from '../version.ts';
import { BrokenOff } from './download-faults.ts';
import type { FileOrder } from './file-order.ts';

/** Bytes of the server’s file. Throws a sentence when it does not give them; the line may break off in between. */
export async function* openRange(
  order: Pick<FileOrder, 'connection' | 'table' | 'file'>,
  { offset, length }: { offset: number; length: number },
): AsyncGenerator<Uint8Array, void> {
  const { table, file } = order;
  const whole = offset === 0 && length === file.sizeBytes;
  const range = whole ? null : { range: `bytes=${offset}-${offset + length - 1}` };
  const response = await ask(order, { kind: 'parquet', headers: { ...range } });
  if (response.status !== (whole ? 200 : 206)) await refuse(order, response);
  try {
    for await (const chunk of response.body ?? []) yield chunk as Uint8Array;
  } catch (error) {
    throw new BrokenOff(table.sqlName, (error as Error).message);
  }
}

/** The lengths and hashes of the pieces that the server’s file consists of; null when the server does not tell. */
export async function readPieces(
  order: Pick<FileOrder, 'connection' | 'table' | 'file' | 'onSent'>,
): Promise<readonly (readonly [length: number, sha256: string])[] | null> {
  const response = await ask(order, { kind: 'pieces', headers: {} });
  if (response.status !== 200) return null;
  const text = await response.text().catch((error: Error) => {
    throw new BrokenOff(order.table.sqlName, error.message);
  });
  order.onSent(Buffer.byteLength(text));
  return JSON.parse(text) as [number, string][];
}

async function ask(
  order: Pick<FileOrder, 'connection' | 'table' | 'file'>,
  { kind, headers }: { kind: 'parquet' | 'pieces'; headers: Record<string, string> },
): Promise<Response> {
  const { connection, table, file } = order;
  const url = `${connection.server}/data/${table.id.replace('Table:', '')}/${file.sha256}.${kind}`;
  async function send(): Promise<Response> {
    const { server, token } = connection;
    const authorization = token && { authorization: `Bearer ${token}` };
    try {
      const named = { 'user-agent': `da/${version}`, ...authorization };
      return await fetch(url, { redirect: 'manual', headers: { ...headers, ...named } });
    } catch (error) {
      throw unreachable(server, error);
    }
  }
  const response = await send();
  return response.status === 401 && (await connection.renew?.()) ? send() : response;
}

async function refuse({ connection, table }: Pick<FileOrder, 'connection' | 'table'>, response: Response) {
  await response.body?.cancel();
  if (response.status === 401) throw notSignedIn(connection);
  if (response.status === 404) {
    throw failed(`${table.sqlName} has changed, or is no longer yours to read; run \`da sync\` again.`);
  }
  throw failed(`${connection.server} did not give a file of ${table.sqlName} (HTTP ${response.status}).`);
}
