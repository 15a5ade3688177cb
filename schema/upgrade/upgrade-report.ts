import { readUpgradeReport } from '../../src/upgrade/read-upgrade-report.ts';
import type {
  LeftoverGroup,
  TableOutcome,
  UpgradeReport as UpgradeReportValue,
} from '../../src/upgrade/upgrade-report.ts';
import { builder } from '../builder.ts';

const UpgradedTable = builder.objectRef<TableOutcome>('UpgradedTable').implement({
  description: 'What became of one table of the predecessor.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name there.' }),
    rows: t.expose('rows', { type: 'BigInt', description: 'How many rows it had.' }),
    taken: t.expose('taken', { type: 'BigInt', description: 'How many of them have a place here.' }),
    left: t.expose('left', {
      type: 'BigInt',
      description: 'How many were left out, each for one of the reasons below.',
    }),
  }),
});

const UpgradeLeftover = builder.objectRef<LeftoverGroup>('UpgradeLeftover').implement({
  description: 'Rows of the predecessor, or single values of them, that have no place here, all for one reason.',
  fields: (t) => ({
    table: t.exposeString('table', { description: 'The table there.' }),
    reason: t.exposeString('reason', { description: 'Why there is no place for it.' }),
    isWhole: t.exposeBoolean('isWhole', {
      description: 'Whether whole rows were left out; otherwise single values of rows that were taken over.',
    }),
    count: t.expose('count', { type: 'BigInt', description: 'How many rows.' }),
    keys: t.exposeStringList('keys', { description: 'The keys of the first 20 of them.' }),
  }),
});

const UpgradeReport = builder.objectRef<UpgradeReportValue>('UpgradeReport').implement({
  description: 'What was taken over from a state of the predecessor when it was found at start.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    file: t.exposeString('file', {
      description: 'The file that was read; the folder of data where there was no database yet.',
    }),
    version: t.exposeInt('version', { description: 'Its schema version, 1 to 9; 0 where there was no database yet.' }),
    timeZone: t.exposeString('timeZone', { description: 'Its times were taken for local ones of this time zone.' }),
    keptAs: t.exposeString('keptAs', { description: 'Where what was read is kept as it was.' }),
    tables: t.field({
      type: [UpgradedTable],
      description: 'Its tables, by name.',
      resolve: ({ tables }) => [...tables],
    }),
    leftovers: t.field({
      type: [UpgradeLeftover],
      description: 'What has no place here. It is kept as JSON in the state, in the table `upgrade_leftovers`.',
      resolve: ({ leftovers }) => [...leftovers],
    }),
    warnings: t.field({
      type: ['String'],
      description: 'What an operator should know or do, a sentence each.',
      resolve: ({ warnings }) => [...warnings],
    }),
    files: t.field({
      type: ['String'],
      description: 'What became of the files beside it, a sentence each.',
      resolve: ({ files }) => [...files],
    }),
  }),
});

builder.queryField('upgradeReport', (t) =>
  t.field({
    type: UpgradeReport,
    nullable: true,
    description: 'What was taken over from the predecessor; null when this state began here.',
    authScopes: { role: 'core.admin' },
    resolve: (_root, _args, { services }) => readUpgradeReport(services.store),
  }),
);
