import type { Connector } from '../contract.ts';
import { sourceConfig, tableKinds, tableOptions, type JiraSource, type JiraTable, type TableKind } from './config.ts';
import { columnsOf } from './field-columns.ts';
import { gatherIssues, tasksOf } from './gather.ts';
import { isRecord } from './issue.ts';
import { openClient, openSlaClient } from './open-jira.ts';
import { fixedIssueColumns } from './rows.ts';
import { scopeJql, searchPage } from './search.ts';
import { receiveWebhook, webhookSecret } from './webhook.ts';
import { writeMonths } from './write-months.ts';

/** Issues of a Jira Cloud site, by webhooks and by its REST API. */
export const connector: Connector<JiraSource, JiraTable> = {
  kind: 'jira',
  displayName: 'Jira',
  description: 'Issues of a Jira Cloud site with their comments, attachments, changes and links.',
  environment: ['JIRA_API_TOKEN', 'JIRA_WEBHOOK_SECRET', 'JIRA_SLA_API_TOKEN'],
  secrets: ['JIRA_API_TOKEN', 'JIRA_WEBHOOK_SECRET', 'JIRA_SLA_API_TOKEN'],
  environmentPrefix: 'JIRA_',
  sourceConfig,
  tableOptions,

  async check(context) {
    context.signal.throwIfAborted();
    refuseTwins(context.config);
    if (context.config.webhook) webhookSecret(context);
    const clients = [openClient(context), ...(context.config.sla ? [openSlaClient(context)] : [])];
    for (const client of clients) {
      const account = await client.get('/rest/api/3/myself');
      if (!isRecord(account)) throw new Error('There is no Jira at this address; check baseUrl.');
    }
    // Also tells whether the JQL is right.
    await searchPage(clients[0]!, { jql: scopeJql(context.config), fields: ['created'], nextPageToken: null });
  },

  discover({ signal }) {
    return new Promise((resolve) => {
      signal.throwIfAborted();
      resolve(tableKinds.map((table) => ({ name: table, description: descriptions[table], options: { table } })));
    });
  },

  async extract(context, { options, cursor }, sink) {
    context.signal.throwIfAborted();
    return writeMonths(context, { table: options.table, cursor }, sink);
  },

  webhook: { receive: async (context, request) => receiveWebhook(context, request) },
  gather: gatherIssues,
  tasks: tasksOf,
};

function refuseTwins(config: JiraSource): void {
  const taken = new Set(fixedIssueColumns);
  for (const [name] of config.customFields.flatMap(columnsOf)) {
    if (taken.has(name))
      throw new Error(`The table issues would have the column ${name} twice; give the custom field another one.`);
    taken.add(name);
  }
}

const descriptions: Record<TableKind, string> = {
  issues: 'Issues, one row each.',
  comments: 'Comments of issues.',
  attachments: 'Attachments of issues; not what is in them.',
  changelog: 'What changed in issues, one row for each changed field.',
  issuelinks: 'Links between issues, one row at each end.',
  remote_links: 'Links from issues to pages elsewhere.',
};
