import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emailDomain, instanceName } from '../kernel/sign-in-config.ts';
import { leaveOut, readText } from './files-beside.ts';
import { textAt, valueAt, type OldInstanceFile } from './old-instance-file.ts';
import type { Upgrade } from './upgrade.ts';

const domainsPlace = 'auth.allowed_domain';

/** What of `instance.yaml` has a meaning here. */
const takenPlaces = [
  'instance.name',
  domainsPlace,
  'data_source.type',
  'data_source.keboola.stack_url',
  'data_source.keboola.token_env',
  'data_source.bigquery.project',
  'data_source.bigquery.location',
];

/** Takes over what the instance is called and who may come in, and tells of the files that count on as they are. */
export async function takeSettings(upgrade: Upgrade, file: OldInstanceFile | null): Promise<void> {
  tellOfSecrets(upgrade);
  const { ledger } = upgrade;
  if (file === null) return;
  for (const sentence of file.besides) ledger.warn(sentence);
  ledger.current = `in ${file.path}`;
  if (file.fault !== null) {
    ledger.warn(`${file.path} ${file.fault} and was left out; there it counted as empty.`);
    return;
  }
  await takeName(upgrade, file);
  await takeDomains(upgrade, file);
  const unused = placesOf(file.values).filter((place) => !takenPlaces.includes(place) || !isUsable(file, place));
  ledger.file(`${file.path} was read and stays as it is; it is not read again.`);
  if (unused.length > 0) ledger.file(`${file.path}: these keys have no meaning here: ${unused.join(', ')}.`);
}

async function takeName({ ledger, at }: Upgrade, file: OldInstanceFile): Promise<void> {
  const name = textAt(file, 'instance.name');
  if (name === null) return;
  const parsed = instanceName.safeParse(name);
  if (!parsed.success) return ledger.warn(`The name of the instance was left out: ${parsed.error.issues[0]!.message}`);
  await ledger.put('instance_settings', { key: 'name', value: JSON.stringify(parsed.data), updated_at: at });
}

async function takeDomains({ ledger, at }: Upgrade, file: OldInstanceFile): Promise<void> {
  const listed = domainsIn(file);
  const good = listed.flatMap((domain) => emailDomain.safeParse(domain).data ?? []);
  const bad = listed.filter((domain) => !emailDomain.safeParse(domain).success);
  if (bad.length > 0) ledger.warn(`auth.allowed_domain: ${bad.join(', ')} is no domain and was left out.`);
  if (listed.length === 0) {
    ledger.warn(
      'auth.allowed_domain names no domain, which let in every Google account there; here nobody new comes in by a provider until you name domains.',
    );
    return;
  }
  const value = JSON.stringify([...new Set(good)]);
  await ledger.put('instance_settings', { key: 'allowedDomains', value, updated_at: at });
}

/** Separated by commas, or as a list. */
function domainsIn(file: OldInstanceFile): string[] {
  const value = valueAt(file, domainsPlace);
  const entries: unknown[] = Array.isArray(value) ? value : [textAt(file, domainsPlace) ?? ''];
  return entries
    .flatMap((entry) => (typeof entry === 'string' ? entry.split(',') : [JSON.stringify(entry)]))
    .map((domain) => domain.trim())
    .filter(Boolean);
}

/** Whether what stands there is taken over, or is nothing. */
function isUsable(file: OldInstanceFile, place: string): boolean {
  const value = valueAt(file, place) ?? '';
  return value === '' || textAt(file, place) !== null || (place === domainsPlace && Array.isArray(value));
}

function tellOfSecrets({ ledger, settings }: Upgrade): void {
  const state = join(settings.dataDir, 'state');
  const secret = join(state, '.jwt_secret');
  const hasSecret = Boolean(readText(secret)?.text?.trim());
  const hasKey = settings.readVariable('JWT_SECRET_KEY') !== undefined;
  if (hasSecret && hasKey) ledger.file(`${secret} does not count, because JWT_SECRET_KEY is set.`);
  else if (hasSecret) ledger.file(`${secret} counts on: it checks the tokens of the predecessor.`);
  else if (!hasKey) {
    ledger.file(
      'There is neither .jwt_secret nor JWT_SECRET_KEY: tokens of the predecessor are known by their hashes alone.',
    );
  }
  if (existsSync(join(state, '.session_secret'))) {
    ledger.file(`${join(state, '.session_secret')} is not needed any more: people sign in again.`);
  }
  const overlay = join(state, '.env_overlay');
  let variables: string;
  try {
    variables = readFileSync(overlay, 'utf8');
  } catch (error) {
    leaveOut(ledger, overlay, error);
    return;
  }
  const names = [...variables.matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/gm)].map(([, name]) => name!);
  const ignored = names.filter((name) => settings.isReserved(name));
  ledger.file(
    `${overlay} counts on: ${names.filter((name) => !ignored.includes(name)).join(', ') || 'it names nothing'}.`,
  );
  if (ignored.length > 0) {
    ledger.warn(`${overlay}: ${ignored.join(', ')} count only in the environment; set them there.`);
  }
}

function placesOf(value: unknown, before = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [before];
  return Object.entries(value).flatMap(([key, entry]) => placesOf(entry, before === '' ? key : `${before}.${key}`));
}
