import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The server cannot listen where it was told to; the message says what to do. */
export class ListenError extends Error {
  readonly code = 'CANNOT_LISTEN';
}

const triedPorts = 20;

/** Listens and resolves to the port. A busy port is one sentence, or the next free one when `nextFreePort` is set. */
export async function listen(
  server: Server,
  where: { host: string; port: number; nextFreePort: boolean },
): Promise<number> {
  const { host, port } = where;
  for (let candidate = port; ; candidate += 1) {
    try {
      server.listen(candidate, host.replaceAll(/[[\]]/g, ''));
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const tryNext = code === 'EADDRINUSE' && where.nextFreePort && candidate < port + triedPorts;
      if (!tryNext) throw new ListenError(explain({ code, message, host, port: candidate }));
    }
  }
}

function explain(given: { code: string | undefined; message: string; host: string; port: number }): string {
  const { code, message, host, port } = given;
  if (code === 'EADDRINUSE') return `Port ${port} of ${host} is taken by another program; set PORT to a free one.`;
  if (code === 'EACCES') return `Port ${port} of ${host} needs more rights than this process has; set PORT above 1023.`;
  return `Cannot listen on ${host}:${port}: ${message}`;
}
