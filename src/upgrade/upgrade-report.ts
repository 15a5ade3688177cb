/** What became of one table of the predecessor. */
export interface TableOutcome {
  readonly name: string;
  /** How many rows it had. */
  readonly rows: number;
  /** How many of them have a place in the state now. */
  readonly taken: number;
  /** How many were left out, each with a reason. */
  readonly left: number;
}

/** Rows, or single values of rows, for which there is no place, and why. */
export interface LeftoverGroup {
  readonly table: string;
  readonly reason: string;
  /** Whether whole rows were left out; otherwise single values of rows that were taken over. */
  readonly isWhole: boolean;
  readonly count: number;
  /** The keys of the first of them. */
  readonly keys: readonly string[];
}

/** What an upgrade from the predecessor took over, and what it could not. */
export interface UpgradeReport {
  /** The file that was read; the folder of data where there was no database yet. */
  readonly file: string;
  /** Empty where there was no database yet. */
  readonly fileSha256: string;
  /** The schema version that its tables have; 0 where there was no database yet. */
  readonly version: number;
  /** Times in it were taken for local ones of this zone. */
  readonly timeZone: string;
  /** Where what was read is kept as it was. */
  readonly keptAs: string;
  readonly at: Date;
  readonly tables: readonly TableOutcome[];
  readonly leftovers: readonly LeftoverGroup[];
  /** What an operator should know or do, a sentence each. */
  readonly warnings: readonly string[];
  /** What of the files beside it counts on, a sentence each. */
  readonly files: readonly string[];
}

/** What would be taken over, in lines for a terminal. */
export function describeReport(report: UpgradeReport): string {
  const lines = [
    ...(report.version === 0
      ? [
          `Files in ${report.file}, from before the predecessor had a database, would be taken over, and stay as they are.`,
        ]
      : [
          `${report.file} (schema version ${report.version} of the predecessor) would be taken over, and kept as ${report.keptAs}.`,
          `Times without a zone would be taken for those of ${report.timeZone}.`,
        ]),
    '',
    'Tables (rows, taken over, left out):',
    ...report.tables.map(({ name, rows, taken, left }) => `  ${name}: ${rows}, ${taken}, ${left}`),
    ...section('Files:', report.files),
    ...section('To know or to do:', report.warnings),
    ...section(
      'Left out (all but codes for linking a chat is kept as JSON among the leftovers):',
      report.leftovers.map(describeGroup),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${line}`)];
}

function describeGroup({ table, reason, isWhole, count, keys }: LeftoverGroup): string {
  const what = isWhole ? `${count} of the rows` : `values of ${count} rows`;
  const more = count > keys.length ? `, and ${count - keys.length} more` : '';
  return `${table}: ${what}: ${reason} (${keys.join(', ')}${more})`;
}
