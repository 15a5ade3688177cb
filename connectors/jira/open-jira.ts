import type { ConnectorContext } from '../contract.ts';
import { JiraClient } from './client.ts';
import type { JiraSource } from './config.ts';

/** A client of the source's site. Throws a sentence when the token is not set. */
export function openClient(context: ConnectorContext<JiraSource>): JiraClient {
  context.signal.throwIfAborted();
  const { baseUrl, email, tokenEnv } = context.config;
  return new JiraClient({ baseUrl, email, token: demandToken(context, tokenEnv) }, context);
}

/** A client that sees the fields of the kind `sla`: of the second account where one is given. */
export function openSlaClient(context: ConnectorContext<JiraSource>): JiraClient {
  const { sla } = context.config;
  if (!sla) return openClient(context);
  const { baseUrl, email, tokenEnv } = sla;
  return new JiraClient({ baseUrl, email, token: demandToken(context, tokenEnv) }, context);
}

function demandToken({ readEnv }: ConnectorContext<JiraSource>, name: string): string {
  const token = readEnv(name)?.trim() ?? '';
  if (token !== '') return token;
  throw new Error(`There is no API token; set ${name} to the token of the account.`);
}

/** The folder in which the source keeps issues; runs alone have one. */
export function demandFolder({ folder }: ConnectorContext<JiraSource>): string {
  if (folder !== undefined) return folder;
  throw new Error('A Jira source gathers issues in runs only; start a sync of it.');
}
