import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emailDomain, instanceName } from '../kernel/sign-in-config.ts';
import { textAt, type OldInstanceFile } from './old-instance-file.ts';
import type { Upgrade } from './upgrade.ts';

/** What of `instance.yaml` has a meaning here. */
const takenPlaces = [
  'instance.name',
  'auth.allowed_domain',
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
  if (file.values === null) {
    ledger.warn(`${file.path} cannot be read as YAML and was left out; there it counted as empty.`);
    return;
  }
  await takeName(upgrade, file);
  await takeDomains(upgrade, file);
  const unused = placesOf(file.values).filter((place) => !takenPlaces.includes(place));
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
  const listed =
    textAt(file, 'auth.allowed_domain')
      ?.split(',')
      .map((domain) => domain.trim())
      .filter(Boolean) ?? [];
  const good = listed.flatMap((domain) => emailDomain.safeParse(domain).data ?? []);
  const bad = listed.filter((domain) => !emailDomain.safeParse(domain).success);
  if (bad.length > 0) ledger.warn(`auth.allowed_domain: ${bad.join(', ')} is no domain and was left out.`);
  if (listed.length === 0) {
    ledger.warn(
      'auth.allowed_domain was empty, which let in every Google account there; here nobody new comes in by a provider until you name domains.',
    );
    return;
  }
  const value = JSON.stringify([...new Set(good)]);
  await ledger.put('instance_settings', { key: 'allowedDomains', value, updated_at: at });
}

function tellOfSecrets({ ledger, settings }: Upgrade): void {
  const state = join(settings.dataDir, 'state');
  const hasSecret = existsSync(join(state, '.jwt_secret')) || settings.readVariable('JWT_SECRET_KEY') !== undefined;
  if (existsSync(join(state, '.jwt_secret')))
    ledger.file(`${join(state, '.jwt_secret')} counts on: it checks the tokens of the predecessor.`);
  if (!hasSecret) {
    ledger.file(
      'There is neither .jwt_secret nor JWT_SECRET_KEY: tokens of the predecessor are known by their hashes alone.',
    );
  }
  if (existsSync(join(state, '.session_secret'))) {
    ledger.file(`${join(state, '.session_secret')} is not needed any more: people sign in again.`);
  }
  const overlay = join(state, '.env_overlay');
  if (!existsSync(overlay)) return;
  const names = [...readFileSync(overlay, 'utf8').matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/gm)].map(
    ([, name]) => name!,
  );
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
