import { request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import type { Table } from '../../../src/registry/table.ts';
import { connectSocket, type TestPerson, type TestServer } from '../../kit/server.ts';
import { until } from '../../server/socket-client.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const query = 'subscription ($after: ID) { syncEvents(after: $after) { id __typename } }';

describeServersOnBoth((server) => {
  let admin: TestPerson;
  let reader: TestPerson;
  let tables: Table[];

  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
    reader = await server().person('reader', ['core.viewer']);
    tables = [await server().registerFile('orders', 'id\n1\n'), await server().registerFile('salaries', 'id\n1\n')];
    await server().run(grantTableAccess, { tableId: tables[0]!.id, userId: reader.id });
    await server().sync();
  });

  /** The ids of the sync events that `reader`, who reads `shop.orders` alone, or an administrator is shown. */
  async function idsFor(person: TestPerson, after = 0): Promise<string[]> {
    const rows = await server().open.services.store.db.selectFrom('events').selectAll().orderBy('seq').execute();
    const shown = rows.filter(({ topic, payload, seq }) => {
      if (topic !== 'sync' || seq <= after) return false;
      const { kind, tableId } = JSON.parse(payload) as { kind: string; tableId?: string };
      return kind !== 'queued' && (person === admin || tableId !== tables[1]!.id);
    });
    return shown.map(({ seq }) => String(seq));
  }

  function listen(person: TestPerson, after: string | undefined): { ids: string[]; ended: Promise<any> } {
    const client = connectSocket(server(), { token: person.token });
    onTestFinished(() => void client.dispose());
    const ids: string[] = [];
    const ended = new Promise((resolve) => {
      client.subscribe<any>(
        { query, variables: { after } },
        { next: ({ data }) => ids.push(data.syncEvents.id), error: resolve, complete: () => resolve('complete') },
      );
    });
    return { ids, ended };
  }

  describe('over a WebSocket', () => {
    test('the past comes first and the present follows, each person’s own, also when a sync runs meanwhile', async () => {
      const [all, some] = [listen(admin, '0'), listen(reader, '0')];
      await server().sync();
      const [whole, part] = [await idsFor(admin), await idsFor(reader)];
      await until(() => all.ids.length === whole.length && some.ids.length === part.length);
      expect(all.ids).toEqual(whole);
      expect(some.ids).toEqual(part);
      expect(part.length).toBeLessThan(whole.length);
      const middle = part[4]!;
      const again = listen(reader, middle);
      await server().sync();
      const rest = await idsFor(reader, Number(middle));
      await until(() => again.ids.length === rest.length);
      expect(again.ids).toEqual(rest);
    });

    test('an id from the future and one that is none are bad input', async () => {
      for (const after of ['999999', 'yesterday', '']) {
        expect(await listen(admin, after).ended, after).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      }
    });

    test('the acknowledgement tells the newest id to those who may hear of events, and to nobody else', async () => {
      const told = async (person: TestPerson) => {
        const client = connectSocket(server(), { token: person.token });
        onTestFinished(() => void client.dispose());
        const connected = new Promise((resolve) => client.on('connected', (_socket, payload) => resolve(payload)));
        client.subscribe({ query: '{ __typename }' }, { next() {}, error() {}, complete() {} });
        return connected;
      };
      const { lastSeq } = server().open.services.store;
      expect(await told(reader)).toEqual({ lastEventId: String(lastSeq) });
      const stranger = await server().person('stranger', []);
      expect(await told(stranger)).toBeUndefined();
    });
  });

  describe('over server-sent events', () => {
    test('a stream says where it stands, each event has its id, and `Last-Event-ID` goes on behind it', async () => {
      const { lastSeq } = server().open.services.store;
      const first = await openStream(server(), { person: reader });
      await until(() => first.text() === `retry: 2000\nid: ${lastSeq}\n\n`);
      await server().sync();
      const heard = await idsFor(reader, lastSeq);
      await until(() => first.ids().length === heard.length);
      expect(first.ids()).toEqual(heard);
      first.response.destroy();
      await server().sync();
      const again = await openStream(server(), { person: reader, lastEventId: heard[1]!, after: '0' });
      const rest = await idsFor(reader, Number(heard[1]));
      await until(() => again.ids().length === rest.length);
      expect(again.ids()).toEqual(rest);
    });

    test('a `Last-Event-ID` that is none is told and completes', async () => {
      const stream = await openStream(server(), { person: reader, lastEventId: 'yesterday' });
      await once(stream.response, 'close');
      expect(stream.text()).toMatch(/BAD_USER_INPUT.*\n\nevent: complete\n/s);
    });
  });

  test('events that were pruned are refused with what to do', async () => {
    const { store } = server().open.services;
    await store.pruneEvents(new Date(Date.now() + 60_000));
    expect(await listen(reader, '1').ended).toEqual([
      {
        message: 'The events after this one are no longer kept; fetch the present state and subscribe without `after`.',
        extensions: { code: 'EVENTS_EXPIRED' },
      },
    ]);
    const edge = listen(reader, String(store.lastSeq - 1));
    await server().sync();
    const rest = await idsFor(reader, store.lastSeq - 100);
    await until(() => edge.ids.length === rest.length);
    expect(edge.ids).toEqual(rest);
  });
});

interface Stream {
  readonly response: IncomingMessage;
  readonly text: () => string;
  readonly ids: () => string[];
}

async function openStream(
  server: TestServer,
  given: { person: TestPerson; after?: string; lastEventId?: string },
): Promise<Stream> {
  const { person, after, lastEventId } = given;
  const request = httpRequest(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'text/event-stream',
      Authorization: `Bearer ${person.token}`,
      ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
    },
  });
  request.end(JSON.stringify({ query, variables: { after } }));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  onTestFinished(() => void response.destroy());
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  response.on('error', () => {});
  const ids = () => [...text.matchAll(/^event: next\nid: (\d+)\ndata: \{"data":.*"id":"\1"/gm)].map(([, id]) => id!);
  return { response, text: () => text, ids };
}
