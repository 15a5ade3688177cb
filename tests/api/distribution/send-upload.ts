import { createHash } from 'node:crypto';
import { credentialHeaders, type Shown, type TestServer } from '../../kit/server.ts';

/** Sends a file as `da sync` does; `sha256` is that of the content unless given. */
export function sendUpload(
  server: Pick<TestServer, 'url'>,
  as: Shown,
  given: { name: string; content: string; kind?: string; sha256?: string },
): Promise<Response> {
  const { name, content, kind = 'note' } = given;
  const sha256 = given.sha256 ?? createHash('sha256').update(content).digest('hex');
  const query = new URLSearchParams({ kind, name });
  return fetch(`${server.url}/uploads/${sha256}?${query}`, {
    method: 'PUT',
    headers: credentialHeaders(server.url, as),
    body: content,
  });
}
