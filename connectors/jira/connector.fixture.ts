import { JiraStandIn, paragraph } from '../../tests/connectors/jira-stand-in.ts';
import type { ConnectorFixture } from '../../tests/kit/connector-fixture.ts';

/** A field of each kind, with the type of its column, a value of it at Jira, and as it is read. */
const customFields = [
  { column: 'c_text', kind: 'text', type: 'VARCHAR', value: 'ě "š", 🦆', shown: 'ě "š", 🦆' },
  { column: 'c_number', kind: 'number', type: 'DOUBLE', value: 0.1, shown: 0.1 },
  { column: 'c_integer', kind: 'integer', type: 'BIGINT', value: 9007199254740991, shown: '9007199254740991' },
  { column: 'c_boolean', kind: 'boolean', type: 'BOOLEAN', value: true, shown: true },
  { column: 'c_option', kind: 'option', type: 'VARCHAR', value: { value: 'red' }, shown: 'red' },
  {
    column: 'c_options',
    kind: 'options',
    type: 'VARCHAR',
    value: [{ value: 'a' }, { value: 'b' }],
    shown: '["a","b"]',
  },
  { column: 'c_user', kind: 'user', type: 'VARCHAR', value: { displayName: 'Ada' }, shown: 'Ada' },
  { column: 'c_users', kind: 'users', type: 'VARCHAR', value: [{ displayName: 'Ada' }], shown: '["Ada"]' },
  { column: 'c_date', kind: 'date', type: 'DATE', value: '2024-02-29', shown: '2024-02-29' },
  {
    column: 'c_timestamp',
    kind: 'timestamp',
    type: 'TIMESTAMP WITH TIME ZONE',
    value: '2024-02-03T04:05:06.500+0200',
    shown: '2024-02-03 02:05:06.5+00',
  },
  { column: 'c_adf', kind: 'adf', type: 'VARCHAR', value: paragraph('Rich text'), shown: 'Rich text' },
  { column: 'c_json', kind: 'json', type: 'VARCHAR', value: { a: [1, null] }, shown: '{"a":[1,null]}' },
];
const fieldOf = (column: string) => `customfield_${customFields.findIndex((one) => one.column === column) + 100}`;

export const fixture: ConnectorFixture = {
  async prepare() {
    const jira = await JiraStandIn.start();
    const fields = Object.fromEntries(customFields.map(({ column, value }) => [fieldOf(column), value]));
    jira.comment(jira.add('SHOP-1', fields), 'First.');
    jira.add('SHOP-2', { created: '2026-02-03T10:00:00.000+0000' });
    return {
      config: jira.config,
      environment: jira.environment,
      close: () => jira.close(),
      table: { table: 'issues' },
      inTheMiddle(act) {
        jira.beforeAnswer = (path) => {
          if (!path.includes('/issue/')) return;
          jira.beforeAnswer = () => {};
          act();
        };
      },
      outage: { begin: () => void (jira.reachable = false), end: () => void (jira.reachable = true) },
      wrongEnvironment: { ...jira.environment, JIRA_API_TOKEN: 'wrong-4711-token' },
      changeColumns: () => {
        const config = {
          ...jira.config,
          customFields: [{ field: fieldOf('points'), column: 'points', kind: 'number' }],
        };
        return Promise.resolve({ config, columns: { points: 'DOUBLE' } });
      },
      emptyTable: { table: 'attachments' },
      everyType: [
        {
          config: {
            ...jira.config,
            customFields: customFields.map(({ column, kind }) => ({ field: fieldOf(column), column, kind })),
          },
          table: { table: 'issues' },
          columns: Object.fromEntries(customFields.map(({ column, type }) => [column, type])),
          rows: [
            Object.fromEntries(customFields.map(({ column, shown }) => [column, shown])),
            Object.fromEntries(customFields.map(({ column }) => [column, null])),
          ],
        },
      ],
      breakTable() {
        jira.fail(/./, 401, { times: 1000 });
        return Promise.resolve();
      },
    };
  },
};
