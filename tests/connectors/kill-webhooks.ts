import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { tableKinds } from '../../connectors/jira/config.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { change, completeSetup, syncRuns } from '../programs/first-steps.ts';
import { addressOf, freePort, setupSecretOf, startProgram, type Program } from '../programs/program.ts';
import { JiraStandIn, type StandInIssue } from './jira-stand-in.ts';
import { expectSameAsJira } from './jira-state.ts';

interface Storm {
  readonly jira: JiraStandIn;
  readonly url: string;
  readonly issues: readonly StandInIssue[];
  readonly events: number;
}

/**
 * Sends events over 20 issues while a real server is killed again and again; as Jira does, a webhook that was not answered is sent
 * again. In the end the tables hold what the stand-in holds, issue by issue, nothing waits, and no file is left over.
 */
export async function killUnderWebhooks({ events, kills }: { events: number; kills: number }): Promise<void> {
  const jira = await JiraStandIn.start();
  const dataDir = scratchFolder();
  const environment = { ...jira.environment, DATA_DIR: dataDir, PORT: String(await freePort()), LOG_LEVEL: 'warn' };
  let server: Program = startProgram('server', environment);
  try {
    const url = await addressOf(server);
    const as = await completeSetup(url, await setupSecretOf(server));
    const months = ['2025-12-31T23:30:00.000+0000', '2026-01-01T00:30:00.000+0100', '2026-02-14T12:00:00.000+0000'];
    const issues = Array.from({ length: 20 }, (_, index) =>
      jira.add(`KILL-${index + 1}`, { created: months[index % 3] }),
    );
    const source = { name: 'jira', connector: 'jira', config: { ...jira.config, attachments: {} } };
    await change(url, { as, mutation: 'createSource', input: source, selection: 'source { id }' });
    for (const table of tableKinds) {
      const input = { source: 'jira', name: table, isPublic: true, options: { table } };
      await change(url, { as, mutation: 'registerTable', input, selection: 'table { id }' });
    }
    await change(url, { as, mutation: 'startSync', input: { source: 'jira' }, selection: 'run { id }' });
    const sent = sendAll({ jira, url, issues, events });
    for (let kill = 1; kill <= kills; kill += 1) {
      await sleep(1500 + Math.random() * 1500);
      server.signal('SIGKILL');
      expect(await server.ended).toBe('SIGKILL');
      server = startProgram('server', environment);
      await addressOf(server);
    }
    await sent;
    await expectQuiet(url, as);
    await expectSameAsJira(jira, { server: { dataDir }, source: 'jira', project: 'KILL' });
    server.signal('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(leftovers(dataDir)).toEqual([]);
  } finally {
    server.signal('SIGKILL');
    await jira.close();
  }
}

async function sendAll({ jira, url, issues, events }: Storm): Promise<void> {
  await Promise.all(
    Array.from({ length: events }, async (_, index) => {
      await sleep(Math.random() * 6000);
      const issue = issues[index % issues.length]!;
      if (index % 10 === 5) jira.attach(issue, { filename: `${index}.txt`, bytes: Buffer.from(`Text ${index}`) });
      else if (index % 3 === 0) jira.change(issue, { summary: `Summary ${index}` });
      else if (index % 3 === 1 && issue.comments.length > 0)
        jira.deleteComment(issue, String(issue.comments[0]!['id']));
      else jira.comment(issue, `Comment ${index}`);
      const payload = jira.payload('jira:issue_updated', issue, { index });
      for (let status = 0; status !== 202;) {
        ({ status } = await jira
          .send(`${url}/webhooks/jira`, payload, { identifier: `event-${index}` })
          .catch(() => ({ status: 0 })));
        if (status !== 202) await sleep(300);
      }
    }),
  );
}

/** Waits until a whole second has passed in which no run was queued or running, after one that succeeded. */
async function expectQuiet(url: string, as: { session: string }): Promise<void> {
  let last = '';
  for (let quiet = 0; quiet < 5;) {
    await sleep(500);
    const [run] = await syncRuns(url, as);
    quiet = run?.state === 'SUCCEEDED' && run.id === last ? quiet + 1 : 0;
    last = run?.id ?? '';
  }
}

/** Files and folders of runs that are no part of what is kept or published. */
function leftovers(dataDir: string): string[] {
  const names = readdirSync(join(dataDir, 'extracts/jira'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.(staged|staging)\/|\.(part|tmp)$|(^|\/)spill/.test(name));
}
