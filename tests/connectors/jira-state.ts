import { join } from 'node:path';
import { expect } from 'vitest';
import { readRows } from '../kit/parquet-rows.ts';
import type { JiraStandIn } from './jira-stand-in.ts';

interface Where {
  server: { dataDir: string };
  source: string;
  project: string;
}

/** Compares the tables of a source, row by row, with what the stand-in holds of a project. */
export async function expectSameAsJira(jira: JiraStandIn, { server, source, project }: Where): Promise<void> {
  const database = join(server.dataDir, 'extracts', source, 'extract.duckdb');
  const rows = async (statement: string) =>
    (await readRows(statement, database)).map((row) => Object.values(row).join(' | ')).toSorted();
  const issues = [...jira.issues.values()].filter(({ key }) => key.startsWith(`${project}-`));
  const list = (value: unknown) => value as Record<string, any>[];
  const expected = {
    issues: issues.map(({ key, id, fields, comments }) =>
      [
        key,
        id,
        fields['summary'],
        list(fields['attachment']).length,
        comments.length,
        list(fields['issuelinks']).length,
      ].join(' | '),
    ),
    comments: issues.flatMap(({ key, comments }) =>
      comments.map(({ id, body }) => [key, id, (body as any).content[0].content[0].text].join(' | ')),
    ),
    attachments: issues.flatMap(({ key, fields }) => list(fields['attachment']).map(({ id }) => `${key} | ${id}`)),
    changelog: issues.flatMap(({ key, histories }) =>
      histories.flatMap(({ id, items }) =>
        list(items).map((item) => [key, id, item['field'], item['toString']].join(' | ')),
      ),
    ),
    issuelinks: issues.flatMap(({ key, fields }) =>
      list(fields['issuelinks']).map(({ id, inwardIssue, outwardIssue }) =>
        [key, id, outwardIssue ? 'outward' : 'inward', (outwardIssue ?? inwardIssue).key].join(' | '),
      ),
    ),
  };
  const found = {
    issues: await rows(
      'SELECT issue_key, issue_id, summary, attachment_count, comment_count, issuelink_count FROM issues',
    ),
    comments: await rows('SELECT issue_key, comment_id, body FROM comments'),
    attachments: await rows('SELECT issue_key, attachment_id FROM attachments'),
    changelog: await rows('SELECT issue_key, change_id, field_name, to_value FROM changelog'),
    issuelinks: await rows('SELECT issue_key, link_id, direction, linked_issue_key FROM issuelinks'),
  };
  for (const [table, lines] of Object.entries(expected)) {
    expect(found[table as keyof typeof found], table).toEqual(lines.toSorted());
  }
}
