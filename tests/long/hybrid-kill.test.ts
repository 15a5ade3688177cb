import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BigQueryStandIn } from '../connectors/bigquery-stand-in.ts';
import { statementChildren } from '../engine/statement-world.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { askData, change, completeSetup } from '../programs/first-steps.ts';
import { addressOf, freePort, setupSecretOf, startProgram, type Program } from '../programs/program.ts';

const patience = { timeout: 20_000, interval: 20 };
const mutation = `mutation ($input: HybridSqlInput!) { hybridSql(input: $input) { __typename
  ... on Error { message } ... on HybridSqlPayload { result { rows } } } }`;
const remote = { alias: 'visits', source: 'bq', statement: 'SELECT 7 AS n' };
const endless = 'SELECT count(*) FROM visits, range(10000000) a, range(10000000) b WHERE a.range + b.range = 7';

test(
  'a server that is killed while one hybrid statement reads and another runs leaves the rows of who asked and nothing else',
  { timeout: 120_000 },
  async () => {
    const bigquery = await BigQueryStandIn.start();
    onTestFinished(() => bigquery.stop());
    const dataDir = scratchFolder();
    const environment = {
      DATA_DIR: dataDir,
      PORT: String(await freePort()),
      LOG_LEVEL: 'warn',
      BIGQUERY_KEY: JSON.stringify(bigquery.accounts.serviceAccount('agnes@example.com')),
    };
    let server: Program = startProgram('server', environment);
    const url = await addressOf(server);
    const as = await completeSetup(url, await setupSecretOf(server));
    const { user } = await askData(url, { as, query: '{ user(email: "first@example.com") { id } }' });
    const role = { userId: user.id, roleKey: 'query.remote_spender' };
    await change(url, { as, mutation: 'grantRole', input: role, selection: 'grant { id }' });
    const config = {
      project: bigquery.project,
      credentials: { serviceAccountEnv: 'BIGQUERY_KEY' },
      apiEndpoint: bigquery.url,
    };
    const source = { name: 'bq', connector: 'bigquery', config };
    await change(url, { as, mutation: 'createSource', input: source, selection: 'source { id }' });

    const hybrid = (statement: string) =>
      askData(url, { as, query: mutation, variables: { input: { statement, remotes: [remote] } } });
    const audited = async (action: string) => {
      const query = `{ auditEvents(first: 50, action: "${action}") { edges { node { details } } } }`;
      return (await askData(url, { as, query })).auditEvents.edges.map(({ node }: any) => node.details.statement);
    };
    const left = () => (existsSync(join(dataDir, 'remote')) ? readdirSync(join(dataDir, 'remote')) : []);
    const ticks = () => new Map(statementChildren(server.pid).map(({ pid, cpuTicks }) => [pid, cpuTicks]));
    const isAtWork = (before: Map<number, number>) =>
      [...ticks()].some(([pid, now]) => now > (before.get(pid) ?? now) + 10);
    const begin = (statement: string) =>
      hybrid(statement).then(
        () => 'answered',
        () => 'cut off',
      );

    const idle = ticks();
    const whileItRuns = begin(endless);
    await expect.poll(() => isAtWork(idle), patience).toBe(true);
    bigquery.holdJobs = true;
    const whileItReads = begin('FROM visits');
    await expect.poll(() => bigquery.jobs.size, patience).toBe(2);

    const children = [...ticks().keys()];
    expect(left()).toHaveLength(2);
    server.signal('SIGKILL');
    expect([await server.ended, await whileItRuns, await whileItReads]).toEqual(['SIGKILL', 'cut off', 'cut off']);
    bigquery.holdJobs = false;
    await expect.poll(() => children.filter((pid) => existsSync(`/proc/${pid}`)), patience).toEqual([]);
    server = startProgram('server', environment);
    await addressOf(server);
    expect(left()).toEqual([]);

    expect(await audited('remotes.asked')).toEqual(['FROM visits', endless]);
    expect(await audited('remote.read')).toEqual([]);
    expect((await hybrid('SELECT n + 1 AS n FROM visits')).hybridSql).toMatchObject({ result: { rows: [['8']] } });
    expect(await audited('remote.read')).toEqual(['SELECT n + 1 AS n FROM visits']);
    expect(left()).toEqual([]);
  },
);
