import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/kernel/config.ts';
import { clientAddress, trustedProxies } from '../../src/server/client-address.ts';
import { ask, startTestServer, type TestServer } from '../kit/server.ts';

const law = {
  trustedProxies: trustedProxies(
    readConfig({ TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1,, 2001:db8::/32 ' }).trustedProxies,
  ),
};

function addressOf(peer: string | undefined, forwarded?: string): string {
  const headers = { 'x-forwarded-for': forwarded };
  return clientAddress(law, { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage);
}

describe('the address of a client', () => {
  test.each([
    ['without a proxy, the peer’s', '203.0.113.9', undefined, '203.0.113.9'],
    [
      'from a peer that is no trusted proxy, the peer’s, whatever it says',
      '203.0.113.9',
      '198.51.100.1',
      '203.0.113.9',
    ],
    ['from a trusted proxy, what it says', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['the right-most that is not trusted: the rest is invented', '10.1.2.3', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['behind several proxies', '10.1.2.3', '1.1.1.1, 198.51.100.1, 192.0.2.1, 10.9.9.9', '198.51.100.1'],
    ['when all are trusted, the left-most', '10.1.2.3', '10.0.0.7, 192.0.2.1', '10.0.0.7'],
    ['from a proxy that says nothing, the proxy’s', '10.1.2.3', undefined, '10.1.2.3'],
    ['from a proxy that says nothing sensible, the proxy’s', '10.1.2.3', 'unknown', '10.1.2.3'],
    ['not beyond garbage', '10.1.2.3', '198.51.100.1, <script>, 192.0.2.1', '192.0.2.1'],
    ['not beyond an empty hop', '10.1.2.3', '198.51.100.1,', '10.1.2.3'],
    ['of a peer in IPv6 notation', '::ffff:10.1.2.3', '::ffff:198.51.100.1', '198.51.100.1'],
    ['with ports', '2001:db8::5', '[2001:DB9::7]:443', '2001:db9::7'],
    ['with a port of IPv4', '10.1.2.3', '198.51.100.1:61000', '198.51.100.1'],
    ['of who has gone', undefined, '198.51.100.1', 'unknown'],
  ])('%s', (_name, peer, forwarded, expected) => {
    expect(addressOf(peer, forwarded)).toBe(expected);
  });

  test.each(['10.0.0.0/33', '10.0.0', 'proxy.example.com', '::/129', '10.0.0.0/8/8', '10.0.0.0/-1'])(
    '`TRUSTED_PROXIES` with %s stops the start',
    (networks) => {
      expect(() => readConfig({ TRUSTED_PROXIES: `127.0.0.1, ${networks}` })).toThrow(
        `TRUSTED_PROXIES: ${networks} is neither an address nor a network like 10.0.0.0/8.`,
      );
    },
  );
});

describe('a server behind a proxy', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });
  });
  afterAll(() => server.close());

  test('notes the client’s address at a token, not the proxy’s', async () => {
    const person = await server.person('person', ['core.viewer']);
    await ask(server, {
      as: person,
      query: '{ viewer { id } }',
      headers: { 'X-Forwarded-For': '9.9.9.9, 192.0.2.44' },
    });
    await server.open.services.lastUse.flush(server.open.services.store);
    const { data } = await ask(server, { as: person, query: '{ viewer { tokens { lastUsedAddress } } }' });
    expect(data.viewer.tokens).toEqual([{ lastUsedAddress: '192.0.2.44' }]);
  });
});
