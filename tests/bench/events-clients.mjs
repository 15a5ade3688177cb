// Opens the listening clients of events.bench.ts in a process of their own, so that their work is not counted as the server's.
// Tells its parent `{ ready }` once all listen, and `{ received }` each time all clients of one kind have got a message.
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

const [rawUrl, hubUrl, token, count, query] = process.argv.slice(2);
const all = Number(count);
const received = { raw: 0, hub: 0 };

for (const kind of ['raw', 'hub']) {
  for (let opened = 0; opened < all; opened += 250) {
    await Promise.all(Array.from({ length: Math.min(250, all - opened) }, () => connect(kind)));
  }
}
process.send({ ready: true });
process.on('disconnect', () => process.exit());

function connect(kind) {
  const socket = new WebSocket(kind === 'raw' ? rawUrl : hubUrl, kind === 'raw' ? [] : ['graphql-transport-ws'], {
    perMessageDeflate: false,
  });
  let awaitsAcknowledgement = kind === 'hub';
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      if (kind === 'raw') resolve();
      else socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    });
    socket.on('message', () => {
      if (awaitsAcknowledgement) {
        awaitsAcknowledgement = false;
        socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query } }));
        resolve();
        return;
      }
      received[kind] += 1;
      if (received[kind] % all === 0) process.send({ received: kind });
    });
  });
}
