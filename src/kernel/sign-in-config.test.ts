import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigurationError, readConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'agnes-sign-in-'));
afterAll(() => rmSync(folder, { recursive: true }));

function instanceFile(text: string): string {
  const path = join(folder, 'instance.yaml');
  writeFileSync(path, text);
  return path;
}

function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n  - ').slice(1);
    throw error;
  }
  return [];
}

const oidc = { OIDC_ISSUER: 'https://id.example.com', OIDC_CLIENT_ID: 'agnes', OIDC_CLIENT_SECRET: 'secret' };

describe('sign-in providers', () => {
  test('none are there unless they are configured', () => {
    expect(readConfig({}).fixedSettings.providers).toEqual([]);
  });

  test('come from the environment and from the file, whose secrets stand in variables that it names', () => {
    const path = instanceFile(`
signIn:
  providers:
    - id: partners
      label: Partners
      issuer: https://login.example.org/realms/partners
      clientId: agnes
      clientSecretEnv: PARTNERS_SECRET
      groupsClaim: https://example.org/groups
      allowedDomains: [Example.ORG]
    - { id: more, label: More, issuer: 'http://127.0.0.1:9000', clientId: b, clientSecretEnv: MORE_SECRET }
`);
    const google = { GOOGLE_CLIENT_ID: 'g', GOOGLE_CLIENT_SECRET: 's' };
    const secrets = { PARTNERS_SECRET: 'one', MORE_SECRET: 'two', ALLOWED_EMAIL_DOMAINS: ' Example.com , example.net' };
    const allowedDomains = null;
    const config = readConfig({ ...oidc, ...google, ...secrets, INSTANCE_CONFIG: path });
    expect(config.fixedSettings.providers).toMatchObject([
      { id: 'oidc', issuer: 'https://id.example.com', groupsClaim: null, allowedDomains },
      { id: 'google', issuer: 'https://accounts.google.com', profile: 'google', allowedDomains },
      {
        id: 'partners',
        clientSecret: 'one',
        groupsClaim: 'https://example.org/groups',
        allowedDomains: ['example.org'],
      },
      { id: 'more', clientSecret: 'two', groupsClaim: null, allowedDomains },
    ]);
    expect(config.fixedSettings.allowedDomains).toEqual({
      domains: ['example.com', 'example.net'],
      by: 'ALLOWED_EMAIL_DOMAINS',
    });
  });

  test.each(['data@example.com', 'https://help.example.com/roles?for=agnes', 'http://wiki.example.com/roles'])(
    'the contact may be %s, and the key wins over the file',
    (address) => {
      const path = instanceFile('contact: file@example.com');
      expect(readConfig({}).fixedSettings.contact).toBeNull();
      expect(readConfig({ INSTANCE_CONFIG: path }).fixedSettings.contact).toEqual({
        address: 'file@example.com',
        by: 'INSTANCE_CONFIG',
      });
      expect(readConfig({ INSTANCE_CONFIG: path, INSTANCE_CONTACT: address }).fixedSettings.contact).toEqual({
        address,
        by: 'INSTANCE_CONTACT',
      });
    },
  );

  test.each(['somebody', 'mailto:data@example.com', 'javascript:alert(1)', '//example.com', 'https://'])(
    'the contact %j is neither an address nor a link, and stops the start',
    (contact) => {
      expect(faultsOf({ INSTANCE_CONTACT: contact })).toEqual([expect.stringMatching(/^INSTANCE_CONTACT: Write an/)]);
      const path = instanceFile(`contact: '${contact}'`);
      expect(faultsOf({ INSTANCE_CONFIG: path })).toEqual([
        expect.stringContaining('contact: Write an e-mail address'),
      ]);
    },
  );

  test('without an allow-list nobody new is allowed, with an empty one of a provider neither', () => {
    expect(readConfig(oidc).fixedSettings.providers).toMatchObject([{ allowedDomains: null }]);
    expect(readConfig(oidc).fixedSettings.allowedDomains).toBeNull();
    const path = instanceFile(
      "signIn: { providers: [{ id: a, label: A, issuer: 'https://a.example', clientId: a, clientSecretEnv: S, allowedDomains: [] }] }",
    );
    const config = readConfig({ INSTANCE_CONFIG: path, S: 's', ALLOWED_EMAIL_DOMAINS: 'example.com' });
    expect(config.fixedSettings.providers).toMatchObject([{ id: 'a', allowedDomains: [] }]);
  });

  test.each(['@example.com', '*.example.com', 'example', 'example.com,', 'https://example.com', 'exa mple.com'])(
    'the broken allow-list %j stops the start',
    (domains) => {
      const faults = faultsOf({ ...oidc, ALLOWED_EMAIL_DOMAINS: domains });
      expect(faults).toEqual([expect.stringMatching(/^ALLOWED_EMAIL_DOMAINS\.\d: This is not a domain/)]);
    },
  );

  test('every fault of keys and file is told at once, with its place, and no secret is among them', () => {
    const path = instanceFile(`
signIn:
  providers:
    - { id: Bad Id, label: '', issuer: 'http://id.example.com', clientId: a, clientSecretEnv: my-very-secret, secret: hidden }
other: 1
`);
    const faults = faultsOf({ OIDC_ISSUER: 'id.example.com', GOOGLE_CLIENT_ID: 'g', INSTANCE_CONFIG: path });
    expect(faults.map((fault) => fault.split(': ').slice(0, 2).join(': '))).toEqual(
      expect.arrayContaining([
        'OIDC_ISSUER: This is not the address of an issuer; write https://login.example.com.',
        expect.stringContaining('OIDC_CLIENT_ID: it is needed because OIDC_ISSUER is set'),
        expect.stringContaining('OIDC_CLIENT_SECRET: it is needed'),
        expect.stringContaining('GOOGLE_CLIENT_SECRET: it is needed'),
        'INSTANCE_CONFIG: signIn.providers.0.id',
        'INSTANCE_CONFIG: signIn.providers.0.label',
        'INSTANCE_CONFIG: signIn.providers.0.issuer',
        'INSTANCE_CONFIG: signIn.providers.0.clientSecretEnv',
      ]),
    );
    expect(faults.join()).toContain('Unrecognized key: "other"');
    expect(faults.join()).toContain('Unrecognized key: "secret"');
    expect(faults.join()).not.toMatch(/my-very-secret|hidden/);
  });

  test.each([
    ['a file that is not there', '/nowhere/instance.yaml'],
    ['a file that is no YAML', instanceFile.bind(null, 'signIn: [')],
  ])('%s stops the start', (_what, path) => {
    const faults = faultsOf({ INSTANCE_CONFIG: typeof path === 'string' ? path : path() });
    expect(faults).toEqual([expect.stringContaining('INSTANCE_CONFIG: ')]);
  });

  test('a secret that is not set, an id that is taken twice, and the id of development mode stop the start', () => {
    const provider = (id: string) =>
      `{ id: ${id}, label: A, issuer: 'https://a.example', clientId: a, clientSecretEnv: NOT_SET }`;
    const path = instanceFile(`signIn: { providers: [${provider('oidc')}] }`);
    expect(faultsOf({ ...oidc, INSTANCE_CONFIG: path })).toEqual([
      'INSTANCE_CONFIG: signIn.providers.0.clientSecretEnv: the environment variable NOT_SET is not set',
      'INSTANCE_CONFIG: signIn.providers: two providers have the id oidc',
    ]);
    const taken = instanceFile(`signIn: { providers: [${provider('development')}] }`);
    expect(faultsOf({ INSTANCE_CONFIG: taken })).toEqual([
      'INSTANCE_CONFIG: signIn.providers.0.id: This id is taken by development mode.',
    ]);
  });
});
