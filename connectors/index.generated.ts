// Printed by `npm run generate` from the files of this folder.
import type { Connector } from './contract.ts';
import { connector as bigquery } from './bigquery/connector.ts';
import { connector as extract } from './extract/connector.ts';
import { connector as files } from './files/connector.ts';
import { connector as jira } from './jira/connector.ts';
import { connector as keboola } from './keboola/connector.ts';

export const connectors: readonly Connector[] = [
  bigquery,
  extract,
  files,
  jira,
  keboola,
];
