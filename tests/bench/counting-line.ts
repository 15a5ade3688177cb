import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A line to a server that counts what goes over it, headers and all. */
export interface CountingLine {
  readonly url: string;
  /** Bytes since the last call: to the server, and from it. */
  take(): { sent: number; received: number };
  close(): Promise<void>;
}

/** Leads to the server at `target`. */
export async function openCountingLine(target: string): Promise<CountingLine> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let count = { sent: 0, received: 0 };
  const line = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.on('data', (chunk) => (count.sent += chunk.length));
    far.on('data', (chunk) => (count.received += chunk.length));
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => open.delete(socket));
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    take() {
      const taken = count;
      count = { sent: 0, received: 0 };
      return taken;
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => line.close(resolve));
    },
  };
}
