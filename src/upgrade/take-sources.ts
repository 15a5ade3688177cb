import { join } from 'node:path';
import type { Connector } from '../../connectors/contract.ts';
import { newId } from '../kernel/ids.ts';
import { sourceName } from '../registry/source.ts';
import { textAt, type OldInstanceFile } from './old-instance-file.ts';
import type { Upgrade } from './upgrade.ts';

/** A source that stands for a `source_type` of the predecessor. */
export interface NewSource {
  readonly id: string;
  readonly name: string;
  readonly connector: string;
  /** As the predecessor wrote it; empty for none. */
  readonly sourceType: string;
}

interface Made {
  connector: string;
  name: string;
  config: Record<string, unknown>;
  /** What to do when the connector does not take this configuration. */
  missing: string;
}

/**
 * Makes one source for each `source_type`. One whose configuration nobody wrote down is made all the same, so that its tables and
 * what people may read of them stay; its syncs fail until somebody completes it.
 */
export async function takeSources(
  upgrade: Upgrade,
  given: { sourceTypes: readonly string[]; file: OldInstanceFile | null },
): Promise<Map<string, NewSource>> {
  const { ledger, settings, at } = upgrade;
  const sources = new Map<string, NewSource>();
  const taken = new Set<string>();
  for (const sourceType of given.sourceTypes.toSorted()) {
    const made = makeSource(upgrade, { sourceType, file: given.file });
    let { name } = made;
    for (let count = 2; taken.has(name); count += 1) name = `${made.name}_${count}`;
    taken.add(name);
    const parsed = connectorOf(settings.connectors, made.connector)?.sourceConfig.safeParse(made.config);
    if (!parsed?.success) ledger.warn(`The source ${name} is not complete: ${made.missing}`);
    const source: NewSource = { id: newId(), name, connector: made.connector, sourceType };
    await ledger.put('sources', {
      id: source.id,
      name,
      connector: source.connector,
      config: JSON.stringify(parsed?.success ? parsed.data : made.config),
      created_at: at,
    });
    sources.set(sourceType, source);
  }
  return sources;
}

/** The connector of this kind, if there is one. */
export function connectorOf(connectors: readonly Connector[], kind: string): Connector | undefined {
  return connectors.find((connector) => connector.kind === kind);
}

function makeSource(upgrade: Upgrade, given: { sourceType: string; file: OldInstanceFile | null }): Made {
  const { readVariable } = upgrade.settings;
  const said = (place: string, ...variables: string[]) =>
    textAt(given.file, place) ?? variables.map((name) => readVariable(name)).find(Boolean);
  switch (given.sourceType) {
    case 'keboola':
      return makeKeboola(said);
    case 'bigquery':
      return makeBigQuery(said);
    case 'jira':
      return makeJira(readVariable);
    default:
      return makeExtract(upgrade, given.sourceType);
  }
}

type Said = (place: string, ...variables: string[]) => string | undefined;

function makeKeboola(said: Said): Made {
  const tokenEnv = said('data_source.keboola.token_env');
  return {
    connector: 'keboola',
    name: 'keboola',
    config: defined({
      stackUrl: said('data_source.keboola.stack_url', 'KEBOOLA_STACK_URL', 'KBC_STACK_URL')?.replace(/\/+$/, ''),
      tokenEnv: tokenEnv?.startsWith('KEBOOLA_') ? tokenEnv : undefined,
    }),
    missing: 'say the address of the stack with `da admin source update keboola`.',
  };
}

function makeBigQuery(said: Said): Made {
  return {
    connector: 'bigquery',
    name: 'bigquery',
    config: defined({
      project: said('data_source.bigquery.project', 'BIGQUERY_PROJECT'),
      location: said('data_source.bigquery.location', 'BIGQUERY_LOCATION'),
    }),
    missing: 'say the project with `da admin source update bigquery`.',
  };
}

function makeJira(read: (name: string) => string | undefined): Made {
  const [domain, email, project] = [read('JIRA_DOMAIN'), read('JIRA_EMAIL'), read('JIRA_PROJECT')];
  const [cloud, slaEmail] = [read('JIRA_CLOUD_ID'), read('JIRA_SLA_EMAIL')];
  return {
    connector: 'jira',
    name: 'jira',
    config: defined({
      baseUrl: domain && `https://${domain.replace(/^https:\/\//, '').replace(/\/+$/, '')}`,
      email,
      projects: project && [project],
      webhook: read('JIRA_WEBHOOK_SECRET') && {},
      sla: cloud && slaEmail ? { baseUrl: `https://api.atlassian.com/ex/jira/${cloud}`, email: slaEmail } : undefined,
      schedules: {},
    }),
    missing: 'say the site and the account with `da admin source update jira`.',
  };
}

/** What no connector of ours knows was written by a program of its own, into a folder that can be served as it is. */
function makeExtract({ ledger, settings }: Upgrade, sourceType: string): Made {
  const known = sourceType === '' ? 'local' : sourceType;
  const folder = join(settings.dataDir, 'extracts', known);
  const name = `from_${known.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}`.slice(0, 60);
  ledger.warn(
    `The tables of ${sourceType === '' ? 'no source type' : known} are read from ${folder} by the connector extract; FILES_ALLOWED_ROOTS has to name that folder, and whatever fills it is yours to run.`,
  );
  return {
    connector: 'extract',
    name: sourceName.safeParse(name).success ? name : 'from_other',
    config: { folder },
    missing: 'say its folder with `da admin source update`.',
  };
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
}
