import { createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between `da` and a server, and does to the line what a test wants. */
export interface CuttingProxy {
  readonly url: string;
  /** Where it leads. */
  target: string;
  /** How many bytes of one file are let through: then the line breaks, or stands still. Null: all. */
  limit: number | null;
  atLimit: 'break' | 'stand still';
  /** How many bytes of files went through. */
  sent: number;
  /** Resolves when a line stands still. */
  standsStill(): Promise<void>;
  /** Breaks the lines that stand still. */
  release(): void;
  close(): Promise<void>;
}

/** Starts a proxy in front of the server at `target`. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const still = new Set<ServerResponse>();
  const waiting: (() => void)[] = [];
  const server: Server = createServer((incoming, outgoing) => {
    const { method, headers, url = '/' } = incoming;
    const onward = request(new URL(url, proxy.target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      let left = url.endsWith('.parquet') ? (proxy.limit ?? Infinity) : Infinity;
      answer.on('error', () => {});
      answer.on('data', (chunk: Buffer) => {
        const piece = chunk.subarray(0, left);
        left -= piece.length;
        if (url.startsWith('/data/')) proxy.sent += piece.length;
        if (piece.length === chunk.length) return outgoing.write(piece);
        answer.destroy();
        if (piece.length === 0) return outgoing.destroy();
        if (proxy.atLimit === 'break') return outgoing.write(piece, () => outgoing.destroy());
        outgoing.write(piece);
        still.add(outgoing);
        return waiting.splice(0).forEach((wake) => wake());
      });
      answer.on('end', () => outgoing.end());
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: CuttingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    limit: null,
    atLimit: 'break',
    sent: 0,
    standsStill: () => (still.size > 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    release() {
      for (const response of still) response.destroy();
      still.clear();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
