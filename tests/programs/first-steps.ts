import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentialHeaders, type Shown } from '../kit/server.ts';

/** Sends an operation to a server in another process; throws on anything but data. */
export async function askData(
  url: string,
  given: { as: Shown; query: string; variables?: Record<string, unknown> },
): Promise<any> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...credentialHeaders(url, given.as) },
    body: JSON.stringify({ query: given.query, variables: given.variables }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Sends a mutation with one `input`; throws unless it succeeds, and resolves to the fields that `selection` names. */
export async function change(
  url: string,
  given: { as: Shown; mutation: string; input: Record<string, unknown>; selection: string },
): Promise<any> {
  const { mutation, input, selection } = given;
  const type = mutation[0]!.toUpperCase() + mutation.slice(1);
  const query = `mutation ($input: ${type}Input!) {
    ${mutation}(input: $input) { __typename ... on Error { message } ... on ${type}Payload { ${selection} } }
  }`;
  const data = await askData(url, { as: given.as, query, variables: { input } });
  const result = data[mutation];
  if (result.__typename !== `${type}Payload`) throw new Error(`${mutation}: ${JSON.stringify(result)}`);
  return result;
}

/** Completes setup with a secret of the link; resolves to the session that signs the administrator in. */
export async function completeSetup(url: string, secret: string): Promise<{ session: string }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: url },
    body: JSON.stringify({
      query: `mutation ($input: CompleteSetupInput!) {
        completeSetup(input: $input) { __typename ... on Error { message } }
      }`,
      variables: { input: { secret, email: 'first@example.com', password: 'a long enough password' } },
    }),
  });
  const text = await response.text();
  if (!text.includes('CompleteSetupPayload')) throw new Error(text);
  const session = /agnes=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1];
  if (!session) throw new Error('setup set no cookie');
  return { session };
}

/** Writes CSV files into `folder` and makes them the tables of the source `shop`. */
export async function makeShop(
  url: string,
  given: { as: Shown; folder: string; files: Record<string, string> },
): Promise<void> {
  const { as, folder } = given;
  const input = { name: 'shop', connector: 'files', config: { folder } };
  await change(url, { as, mutation: 'createSource', input, selection: 'source { id }' });
  for (const [name, content] of Object.entries(given.files)) {
    writeFileSync(join(folder, `${name}.csv`), content);
    const table = { source: 'shop', name, isPublic: true, options: { path: `${name}.csv` } };
    await change(url, { as, mutation: 'registerTable', input: table, selection: 'table { id }' });
  }
}

/** Queues a sync of `shop`. */
export async function startShopSync(url: string, as: Shown): Promise<void> {
  await change(url, { as, mutation: 'startSync', input: { source: 'shop' }, selection: 'run { id }' });
}

/** A run as `syncRuns` tells it. */
export interface ToldRun {
  id: string;
  state: string;
  error: string | null;
  tables: { state: string; error: string | null; rows: string | null; table: { name: string } }[];
}

/** The runs, newest first. */
export async function syncRuns(url: string, as: Shown): Promise<ToldRun[]> {
  const query = `{ syncRuns(first: 500) { edges { node { id state error tables { state error rows table { name } } } } } }`;
  const data = await askData(url, { as, query });
  return data.syncRuns.edges.map((edge: { node: ToldRun }) => edge.node);
}

/** Waits until no run is on its way, asking so often; resolves to the newest. */
export async function lastRunEnded(url: string, as: Shown, pauseMs = 20): Promise<ToldRun> {
  for (;;) {
    const [run] = await syncRuns(url, as);
    if (run && run.state !== 'QUEUED' && run.state !== 'RUNNING') return run;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** The rows of a statement. */
export async function sqlRows(url: string, given: { as: Shown; statement: string }): Promise<unknown[][]> {
  const query = 'query ($statement: String!) { sql(statement: $statement) { rows } }';
  const data = await askData(url, { as: given.as, query, variables: { statement: given.statement } });
  return data.sql.rows;
}
