import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { printData, printJson } from '../output/streams.ts';
import { visible } from '../output/visible.ts';
import { readViewer } from './viewer.ts';

/** Prints who the server takes us for. */
export async function showViewer(options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const viewer = await readViewer(connection);
  const roles = viewer.effectiveRoles.flatMap(({ role }) => role?.key ?? []);
  const { email, name, credential } = viewer;
  if (options.json) return printJson({ server: connection.server, email, name, credential: credential.kind, roles });
  const lines = [
    ['email', email],
    ['name', name ?? ''],
    ['roles', roles.join(', ') || 'none'],
    ['signed in by', credential.kind.toLowerCase()],
    ['server', connection.server],
  ];
  printData(
    lines.map(([label = '', value = '']) => `${`${label}:`.padEnd(13)} ${visible(value)}`.trimEnd() + '\n').join(''),
  );
}
