import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { InvalidInputError, type FieldFault } from '../kernel/errors.ts';
import { emailDomain, instanceName, providerEntry, type ProviderEntry } from '../kernel/sign-in-config.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { findIssuerFault } from './check-issuer.ts';
import type { SettingKey, StoredSettings } from './instance-settings.ts';
import { putSetting } from './instance-settings.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'instance.configured': { before: Partial<StoredSettings>; after: Partial<StoredSettings> };
  }
}

const secretName = /^[A-Z][A-Z0-9_]{0,80}_CLIENT_SECRET$/;

const newProvider = providerEntry.extend({
  clientSecretEnv: z
    .string()
    .regex(secretName, 'Write the name of a variable that ends with _CLIENT_SECRET, never the secret itself.'),
});

const configureInput = z.strictObject({
  name: instanceName.nullish(),
  allowedDomains: z.array(emailDomain).max(200, 'Name at most 200 domains.').nullish(),
  providers: z.array(newProvider).max(20, 'Name at most 20 providers.').nullish(),
});

type ConfigureInput = z.output<typeof configureInput>;

/**
 * Changes what the instance is called and how people sign in; what is left out stays. What the environment or INSTANCE_CONFIG
 * fixes is refused with the name of the key, and so is a provider whose issuer does not answer as one.
 */
export const configureInstance = defineOperation({
  rule: { role: 'core.admin' },
  event: 'instance.configured',
  input: configureInput,
  async prepare({ input, services }): Promise<void> {
    refuse(findFaults(services, input));
    refuse(await findIssuerFaults(services, input.providers ?? []));
  },
  async run({ tx, input, services, record }): Promise<void> {
    refuse(findFaults(services, input));
    const { stored } = services.instanceSettings;
    const before: Partial<Record<SettingKey, unknown>> = {};
    const after: Partial<Record<SettingKey, unknown>> = {};
    for (const key of ['name', 'allowedDomains', 'providers'] as const) {
      const value = input[key] ?? null;
      if (value === null) continue;
      [before[key], after[key]] = [stored[key], value];
      await putSetting(tx, key, value);
    }
    const details = { before, after } as { before: Partial<StoredSettings>; after: Partial<StoredSettings> };
    record({ resource: 'instance', details });
  },
});

function refuse(faults: readonly FieldFault[]): void {
  if (faults.length > 0) throw new InvalidInputError(faults);
}

function findFaults({ instanceSettings, variables, connectors }: Services, input: ConfigureInput): FieldFault[] {
  const { fixed } = instanceSettings;
  const faults: FieldFault[] = [];
  if (Object.values(input).every((value) => value === null || value === undefined)) {
    faults.push({ path: '', message: 'Say what to change: name, allowedDomains or providers.' });
  }
  if (input.name && fixed.name !== null) {
    faults.push({ path: 'name', message: 'The name is fixed by name in INSTANCE_CONFIG; change it there.' });
  }
  if (input.allowedDomains && fixed.allowedDomains) {
    const key = {
      ALLOWED_EMAIL_DOMAINS: 'ALLOWED_EMAIL_DOMAINS',
      INSTANCE_CONFIG: 'signIn.allowedDomains in INSTANCE_CONFIG',
    };
    const message = `The allowed domains are fixed by ${key[fixed.allowedDomains.by]}; change them there.`;
    faults.push({ path: 'allowedDomains', message });
  }
  if (input.providers && fixed.fileHasProviders) {
    const message = 'The providers are fixed by signIn.providers in INSTANCE_CONFIG; change them there.';
    faults.push({ path: 'providers', message });
  }
  const othersSecrets = new Set([
    ...fixed.providers.map(({ clientSecretEnv }) => clientSecretEnv),
    ...connectors.secrets().map(({ name }) => name),
  ]);
  for (const [index, { id, clientSecretEnv }] of (input.providers ?? []).entries()) {
    const by = fixed.providers.find((provider) => provider.id === id)?.fixedBy;
    if (by)
      faults.push({ path: `providers.${index}.id`, message: `The provider ${id} is fixed by ${by}; change it there.` });
    if (input.providers!.findIndex((provider) => provider.id === id) < index) {
      faults.push({ path: `providers.${index}.id`, message: `Two providers have the id ${id}.` });
    }
    const twice = input.providers!.findIndex((provider) => provider.clientSecretEnv === clientSecretEnv) < index;
    if (twice || variables.isReserved(clientSecretEnv) || othersSecrets.has(clientSecretEnv)) {
      const message = `${clientSecretEnv} is the secret of something else; choose another name.`;
      faults.push({ path: `providers.${index}.clientSecretEnv`, message });
    } else if (variables.isFixed(clientSecretEnv)) {
      const message = `${clientSecretEnv} stands in the environment, which only INSTANCE_CONFIG may name; choose another name.`;
      faults.push({ path: `providers.${index}.clientSecretEnv`, message });
    }
  }
  return faults;
}

/** Only of providers that are new or changed: one that is down must not stand in the way of changing another. */
async function findIssuerFaults(services: Services, providers: readonly ProviderEntry[]): Promise<FieldFault[]> {
  const stored = services.instanceSettings.stored.providers ?? [];
  const checks = providers.map(async (provider, index): Promise<FieldFault[]> => {
    if (stored.some((known) => isDeepStrictEqual(known, provider))) return [];
    const message = await findIssuerFault(provider.issuer);
    return message === null ? [] : [{ path: `providers.${index}.issuer`, message }];
  });
  return (await Promise.all(checks)).flat();
}
