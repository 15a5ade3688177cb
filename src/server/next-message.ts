/**
 * Writes the `next` messages of graphql-transport-ws. Many sockets get the same result one after the other: its bytes are
 * made once, and only the few that name the operation are each socket's own.
 */
export class NextMessages {
  #json = '';
  #bytes = Buffer.alloc(0);

  /** The part of each message that names the operation. */
  opening(operationId: string): Buffer {
    return Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`);
  }

  /** The whole message around a result. */
  around(json: string, opening: Buffer): Buffer {
    if (json !== this.#json) {
      this.#json = json;
      this.#bytes = Buffer.from(`${json}}`);
    }
    const message = Buffer.allocUnsafe(opening.length + this.#bytes.length);
    opening.copy(message);
    this.#bytes.copy(message, opening.length);
    return message;
  }
}
