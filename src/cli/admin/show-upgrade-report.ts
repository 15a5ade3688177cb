import type { ResultOf } from 'gql.tada';
import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printData, printJson } from '../output/streams.ts';
import { visible } from '../output/visible.ts';

const UpgradeReport = graphql(`
  query UpgradeReport {
    upgradeReport {
      at
      file
      version
      timeZone
      keptAs
      tables {
        name
        rows
        taken
        left
      }
      leftovers {
        table
        reason
        isWhole
        count
        keys
      }
      warnings
      files
    }
  }
`);

type Report = NonNullable<ResultOf<typeof UpgradeReport>['upgradeReport']>;

/** Prints what an upgrade from the predecessor took over; in JSON null where there was none. */
export async function showUpgradeReport(options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const { upgradeReport: report } = await request(connection, UpgradeReport, {});
  if (options.json) return printJson(report);
  const lines = report ? describe(report) : ['This instance began here: nothing was taken over from the predecessor.'];
  printData(lines.map((line) => `${visible(line)}\n`).join(''));
}

function describe(report: Report): string[] {
  return [
    ...(report.version === 0
      ? [
          `Files in ${report.file}, from before there was a database, were taken over at ${report.at}, and stay as they are.`,
        ]
      : [
          `${report.file} (schema version ${report.version}) was taken over at ${report.at}.`,
          `It is kept as ${report.keptAs}; its times were taken for those of ${report.timeZone}.`,
        ]),
    ...section('Tables (rows, taken over, left out):', report.tables.map(describeTable)),
    ...section('Files:', report.files),
    ...section('To know or to do:', report.warnings),
    ...section('Left out:', report.leftovers.map(describeLeftover)),
  ];
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${line}`)];
}

function describeTable({ name, rows, taken, left }: Report['tables'][number]): string {
  return `${name}: ${rows}, ${taken}, ${left}`;
}

function describeLeftover({ table, reason, isWhole, count, keys }: Report['leftovers'][number]): string {
  return `${table}: ${isWhole ? 'rows' : 'values of rows'} (${count}): ${reason} (${keys.join(', ')}${Number(count) > keys.length ? ', …' : ''})`;
}
