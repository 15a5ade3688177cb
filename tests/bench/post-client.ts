import { Agent, request, type IncomingMessage } from 'node:http';

/** Sends GraphQL operations over one kept-alive connection and reads the answers without parsing them. */
export class PostClient {
  readonly #door: { url: string; token: string };
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(door: { url: string; token: string }) {
    this.#door = door;
  }

  /** Resolves to the size of the answer in bytes; rejects when it holds errors. */
  post(operation: { query: string; variables?: object }): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#door.url}/graphql`, {
        method: 'POST',
        agent: this.#agent,
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.#door.token}` },
      });
      sent.on('error', reject);
      sent.on('response', (response) => void readAnswer(response).then(resolve, reject));
      sent.end(JSON.stringify(operation));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function readAnswer(response: IncomingMessage): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (body.subarray(0, 20).includes('"errors"')) throw new Error(body.toString('utf8', 0, 1000));
  return body.length;
}
