import { onTestFinished } from 'vitest';
import { JiraStandIn } from '../../tests/connectors/jira-stand-in.ts';
import type { ConnectorFixture } from '../../tests/kit/connector-fixture.ts';

export const fixture: ConnectorFixture = {
  async prepare() {
    const jira = await JiraStandIn.start();
    onTestFinished(() => jira.close());
    jira.comment(jira.add('SHOP-1'), 'First.');
    jira.add('SHOP-2', { created: '2026-02-03T10:00:00.000+0000' });
    return {
      config: jira.config,
      environment: jira.environment,
      table: { table: 'issues' },
      breakTable() {
        jira.fail(/./, 401, { times: 1000 });
        return Promise.resolve();
      },
    };
  },
};
