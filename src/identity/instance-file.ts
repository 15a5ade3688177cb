import { readFileSync, realpathSync } from 'node:fs';
import { stringify } from 'yaml';
import { replaceFile } from '../kernel/replace-file.ts';
import type { InstanceSettings } from './instance-settings.ts';

const heading = `# What this instance is called and how people sign in. Agnes writes this file at each change and at its start, and never
# reads it. To keep it under version control, copy it, name the copy in INSTANCE_CONFIG and start Agnes again: what it says is
# fixed then. Secrets are not in it; they stand in the variables that it names.
`;

/** The settings as they count, with comments, in the format of INSTANCE_CONFIG; never a secret. */
export function describeSettings(settings: InstanceSettings): string {
  const { fixed, allowedDomains } = settings;
  const providers = settings.providers().filter(({ fixedBy }) => fixedBy === null || fixedBy === 'INSTANCE_CONFIG');
  const parts = [
    heading,
    fixed.name !== null && '# The name is fixed by INSTANCE_CONFIG.\n',
    settings.isNamed ? stringify({ name: settings.name }) : '# name: not set; it is called Agnes.\n',
    fixed.contact && `# The contact is fixed by ${fixed.contact.by}.\n`,
    fixed.contact
      ? stringify({ contact: fixed.contact.address })
      : '# contact: not set; whom people ask for a role, an e-mail address or a link.\n',
    'signIn:\n',
    '  # Domains of people who may come in for the first time by a provider; an empty list lets in nobody new.\n',
    fixed.allowedDomains && `  # The list is fixed by ${fixed.allowedDomains.by}.\n`,
    indent(stringify({ allowedDomains })),
    ...fixed.providers
      .filter(({ fixedBy }) => fixedBy !== 'INSTANCE_CONFIG')
      .map(
        ({ id, fixedBy }) =>
          `  # The environment sets up the provider ${id} too, by ${fixedBy}; it does not stand here.\n`,
      ),
    fixed.fileHasProviders && '  # The providers are fixed by INSTANCE_CONFIG.\n',
    indent(
      stringify({
        providers: providers.map(({ id, label, issuer, clientId, clientSecretEnv, ...more }) => ({
          id,
          label,
          issuer,
          clientId,
          clientSecretEnv,
          ...(more.groupsClaim !== null && { groupsClaim: more.groupsClaim }),
          ...(more.hasOwnDomains && { allowedDomains: more.allowedDomains }),
        })),
      }),
    ),
  ];
  return parts.filter((part) => typeof part === 'string').join('');
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

/** Writes the settings to `path` unless they stand there already, or the operator’s own file is there. */
export function writeInstanceFile(path: string, given: { settings: InstanceSettings; own: string | undefined }): void {
  if (given.own !== undefined && isSameFile(path, given.own)) return;
  const text = describeSettings(given.settings);
  if (read(path) !== text) replaceFile(path, text);
}

function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return one === other;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
