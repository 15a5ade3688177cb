import type { JiraClient } from './client.ts';
import type { JiraSource } from './config.ts';
import { isIssue, isRecord, type RawIssue } from './issue.ts';

/** One page of a search. */
export interface SearchPage {
  issues: RawIssue[];
  /** Null behind the last page. */
  nextPageToken: string | null;
}

const pageSize = 100;

/** The issues that the source wants, as JQL, with a further condition. Jira refuses JQL without any bound. */
export function scopeJql({ projects, jql }: Pick<JiraSource, 'projects' | 'jql'>, further?: string): string {
  const conditions = [
    ...(projects ? [`project in (${projects.map((key) => `"${key}"`).join(', ')})`] : []),
    ...(jql ? [`(${jql})`] : []),
    ...(further ? [further] : []),
  ];
  return `${conditions.length > 0 ? conditions.join(' AND ') : 'created >= "1970-01-01"'} ORDER BY created ASC, key ASC`;
}

/** One page of the issues that `jql` finds, with these fields only. */
export async function searchPage(
  client: JiraClient,
  given: { jql: string; fields: readonly string[]; nextPageToken: string | null },
): Promise<SearchPage> {
  const { jql, fields, nextPageToken } = given;
  const body = { jql, fields, maxResults: pageSize, ...(nextPageToken !== null && { nextPageToken }) };
  const page = await client.post('/rest/api/3/search/jql', body);
  if (!isRecord(page) || !Array.isArray(page['issues']))
    throw new Error('Jira answered a search in a shape that is not known.');
  const issues = page['issues'].filter(isIssue);
  const next = page['nextPageToken'];
  return { issues, nextPageToken: typeof next === 'string' && page['isLast'] !== true ? next : null };
}

/** All issues that `jql` finds, page after page, with these fields only. */
export async function* search(
  client: JiraClient,
  given: { jql: string; fields: readonly string[] },
): AsyncGenerator<RawIssue> {
  for (let nextPageToken: string | null = null; ;) {
    const page: SearchPage = await searchPage(client, { ...given, nextPageToken });
    yield* page.issues;
    if (page.nextPageToken === null) return;
    ({ nextPageToken } = page);
  }
}
