import { plainText } from './adf.ts';
import type { JiraSource, TableKind } from './config.ts';
import { columnsOf, textIn, timeText, valuesOf, wholeNumber, type ColumnType } from './field-columns.ts';
import { isRecord, records, type RawIssue } from './issue.ts';

type Row = Record<string, unknown>;
type Columns = Readonly<Record<string, ColumnType>>;

function columns(text: string, type: ColumnType): [string, ColumnType][] {
  return text.split(' ').map((name) => [name, type]);
}

const issueColumns = [
  ...columns(
    'issue_key issue_id issue_url summary description issue_type status status_category priority resolution',
    'VARCHAR',
  ),
  ...columns('project_key project_name creator_email creator_name reporter_email reporter_name', 'VARCHAR'),
  ...columns('assignee_email assignee_name', 'VARCHAR'),
  ...columns('created_at updated_at resolved_at', 'TIMESTAMPTZ'),
  ...columns('due_date labels', 'VARCHAR'),
  ...columns('attachment_count comment_count issuelink_count', 'BIGINT'),
];

const otherColumns: Record<Exclude<TableKind, 'issues'>, Columns> = {
  comments: Object.fromEntries([
    ...columns('comment_id issue_key author_email author_name body', 'VARCHAR'),
    ...columns('created_at updated_at', 'TIMESTAMPTZ'),
    ...columns('update_author_email', 'VARCHAR'),
  ]),
  attachments: Object.fromEntries([
    ...columns('attachment_id issue_key filename local_path hierarchical_path', 'VARCHAR'),
    ...columns('size_bytes', 'BIGINT'),
    ...columns('mime_type author_email', 'VARCHAR'),
    ...columns('created_at', 'TIMESTAMPTZ'),
    ...columns('content_url thumbnail_url', 'VARCHAR'),
  ]),
  changelog: Object.fromEntries([
    ...columns('change_id issue_key author_email author_name field_name field_type from_value to_value', 'VARCHAR'),
    ...columns('changed_at', 'TIMESTAMPTZ'),
  ]),
  issuelinks: Object.fromEntries(
    columns(
      'issue_key link_id link_type direction linked_issue_key linked_issue_summary linked_issue_status linked_issue_priority',
      'VARCHAR',
    ),
  ),
  remote_links: Object.fromEntries(
    columns('issue_key remote_link_id url title application_name application_type', 'VARCHAR'),
  ),
};

/** The names of the columns that `issues` has whatever custom fields are configured. */
export const fixedIssueColumns: readonly string[] = [...issueColumns.map(([name]) => name), '_synced_at', '_raw_file'];

/** The columns of a table with their types, in their order: they do not depend on what the rows hold. */
export function typesOf(table: TableKind, { customFields }: Pick<JiraSource, 'customFields'>): Columns {
  if (table !== 'issues') return otherColumns[table];
  return Object.fromEntries([
    ...issueColumns,
    ...customFields.flatMap(columnsOf),
    ...columns('_synced_at _raw_file', 'VARCHAR'),
  ]);
}

/** The rows that one issue has in a table. */
export function rowsOf(table: TableKind, issue: RawIssue, config: Pick<JiraSource, 'baseUrl' | 'customFields'>): Row[] {
  return makers[table](issue, config);
}

const makers: Record<TableKind, (issue: RawIssue, config: Pick<JiraSource, 'baseUrl' | 'customFields'>) => Row[]> = {
  issues: (issue, config) => [issueRow(issue, config)],
  comments: ({ key, fields }) =>
    listed(fields['comment'], 'comments').map(({ id, author, body, created, updated, updateAuthor }) => ({
      comment_id: String(id),
      issue_key: key,
      author_email: textIn(author, 'emailAddress'),
      author_name: textIn(author, 'displayName'),
      body: plainText(body),
      created_at: timeText(created),
      updated_at: timeText(updated),
      update_author_email: textIn(updateAuthor, 'emailAddress'),
    })),
  attachments: (issue) => records(issue.fields['attachment']).map((attachment) => attachmentRow(issue, attachment)),
  changelog: ({ key, changelog }) =>
    records(changelog?.histories).flatMap(({ id, author, created, items }) =>
      records(items).map((item) => ({
        change_id: String(id),
        issue_key: key,
        author_email: textIn(author, 'emailAddress'),
        author_name: textIn(author, 'displayName'),
        field_name: text(item['field']),
        field_type: text(item['fieldtype']),
        from_value: text(item['fromString']) ?? text(item['from']),
        to_value: text(item['toString']) ?? text(item['to']),
        changed_at: timeText(created),
      })),
    ),
  issuelinks: ({ key, fields }) => records(fields['issuelinks']).flatMap((link) => linkRow(key, link)),
  remote_links: ({ key, _remote_links: links }) =>
    records(links).map(({ id, object, application }) => ({
      issue_key: key,
      remote_link_id: String(id),
      url: textIn(object, 'url'),
      title: textIn(object, 'title'),
      application_name: textIn(application, 'name'),
      application_type: textIn(application, 'type'),
    })),
};

function issueRow(issue: RawIssue, { baseUrl, customFields }: Pick<JiraSource, 'baseUrl' | 'customFields'>): Row {
  const { key, id, fields } = issue;
  const { status, project, creator, reporter, assignee } = fields;
  const custom = Object.assign({}, ...customFields.map((field) => valuesOf(field, fields))) as Row;
  return {
    issue_key: key,
    issue_id: id,
    issue_url: `${baseUrl}/browse/${key}`,
    summary: text(fields['summary']),
    description: plainText(fields['description']),
    issue_type: textIn(fields['issuetype'], 'name'),
    status: textIn(status, 'name'),
    status_category: isRecord(status) ? textIn(status['statusCategory'], 'name') : null,
    priority: textIn(fields['priority'], 'name'),
    resolution: textIn(fields['resolution'], 'name'),
    project_key: textIn(project, 'key'),
    project_name: textIn(project, 'name'),
    creator_email: textIn(creator, 'emailAddress'),
    creator_name: textIn(creator, 'displayName'),
    reporter_email: textIn(reporter, 'emailAddress'),
    reporter_name: textIn(reporter, 'displayName'),
    assignee_email: textIn(assignee, 'emailAddress'),
    assignee_name: textIn(assignee, 'displayName'),
    created_at: timeText(fields['created']),
    updated_at: timeText(fields['updated']),
    resolved_at: timeText(fields['resolutiondate']),
    due_date: text(fields['duedate']),
    labels: JSON.stringify(Array.isArray(fields['labels']) ? fields['labels'] : []),
    attachment_count: records(fields['attachment']).length,
    comment_count: listed(fields['comment'], 'comments').length,
    issuelink_count: records(fields['issuelinks']).length,
    ...custom,
    _synced_at: issue._synced_at ?? null,
    _raw_file: `issues/${key}.json`,
  };
}

function attachmentRow({ key, _attachments: copies }: RawIssue, attachment: Record<string, unknown>): Row {
  const { id, filename, size, mimeType, author, created, content, thumbnail } = attachment;
  return {
    attachment_id: String(id),
    issue_key: key,
    filename: text(filename),
    local_path: copies?.[String(id)] ?? null,
    hierarchical_path: hierarchicalPath(key, `${String(id)}_${String(filename)}`),
    size_bytes: wholeNumber(size),
    mime_type: text(mimeType),
    author_email: textIn(author, 'emailAddress'),
    created_at: timeText(created),
    content_url: text(content),
    thumbnail_url: text(thumbnail),
  };
}

/** `SUPPORT-14991` is `14/991/<file>`: no folder of a mirror has more than a thousand issues. */
function hierarchicalPath(key: string, file: string): string {
  const number = Number(key.slice(key.lastIndexOf('-') + 1));
  return `${Math.floor(number / 1000)}/${number % 1000}/${file}`;
}

function linkRow(key: string, link: Record<string, unknown>): Row[] {
  const direction = isRecord(link['outwardIssue']) ? 'outward' : isRecord(link['inwardIssue']) ? 'inward' : null;
  if (direction === null) return [];
  const linked = link[`${direction}Issue`] as Record<string, unknown>;
  const fields = isRecord(linked['fields']) ? linked['fields'] : {};
  return [
    {
      issue_key: key,
      link_id: String(link['id']),
      link_type: textIn(link['type'], 'name'),
      direction,
      linked_issue_key: text(linked['key']),
      linked_issue_summary: text(fields['summary']),
      linked_issue_status: textIn(fields['status'], 'name'),
      linked_issue_priority: textIn(fields['priority'], 'name'),
    },
  ];
}

function listed(value: unknown, key: string): Record<string, unknown>[] {
  return isRecord(value) ? records(value[key]) : [];
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
