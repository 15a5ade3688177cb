import type { JiraClient } from './client.ts';
import { isIssue, isRecord, records, type RawIssue } from './issue.ts';

const pageSize = 100;

/** The present state of an issue with all pages of its comments and changelog; null when Jira has none of this key or id. */
export async function fetchIssue(client: JiraClient, keyOrId: string): Promise<RawIssue | null> {
  const path = `/rest/api/3/issue/${encodeURIComponent(keyOrId)}`;
  const issue = await client.get(`${path}?fields=*all&expand=changelog`);
  if (issue === null) return null;
  if (!isIssue(issue)) throw new Error(`Jira answered the issue ${keyOrId} in a shape that is not known.`);
  const comments = await allOf(client, { path: `${path}/comment`, list: 'comments', begun: issue.fields['comment'] });
  const histories = await allOf(client, {
    path: `${path}/changelog`,
    list: 'values',
    begun: issue.changelog,
    as: 'histories',
  });
  const links = await client.get(`${path}/remotelink`);
  return {
    ...issue,
    fields: { ...issue.fields, comment: { comments, total: comments.length } },
    changelog: { histories: sortedById(histories) },
    _remote_links: records(links),
  };
}

interface List {
  path: string;
  /** The name of the list in a page. */
  list: string;
  /** What the issue itself brought of it. */
  begun: unknown;
  /** The name of the list in the issue, unless it is the same. */
  as?: string;
}

/** All of a paged list: what the issue brought when that is all, otherwise page after page. */
async function allOf(client: JiraClient, { path, list, begun, as = list }: List): Promise<Record<string, unknown>[]> {
  const embedded = isRecord(begun) ? records(begun[as]) : [];
  if (isRecord(begun) && typeof begun['total'] === 'number' && begun['total'] <= embedded.length) return embedded;
  const all = new Map<string, Record<string, unknown>>();
  for (let startAt = 0; ;) {
    const page = await client.get(`${path}?startAt=${startAt}&maxResults=${pageSize}`);
    if (!isRecord(page)) return [...all.values()];
    const found = records(page[list]);
    for (const item of found) all.set(String(item['id']), item);
    startAt += found.length;
    if (found.length === 0 || page['isLast'] === true || startAt >= Number(page['total'] ?? 0))
      return [...all.values()];
  }
}

function sortedById(items: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  return items.toSorted((a, b) => Number(a['id']) - Number(b['id']));
}
