import type { InstanceSettings, ProviderState, SettingFault } from '../../src/identity/instance-settings.ts';
import { builder } from '../builder.ts';
import { Instance } from './instance.ts';

const SignInProvider = builder.objectRef<ProviderState>('SignInProvider').implement({
  description: 'An OpenID Connect issuer that signs people in.',
  fields: (t) => ({
    id: t.exposeString('id', {
      description: 'Stands in the redirect URI and beside the groups; do not change it later.',
    }),
    label: t.exposeString('label', { description: 'What the button calls it.' }),
    issuer: t.exposeString('issuer', { description: 'The issuer as it names itself.' }),
    clientId: t.exposeString('clientId', { description: 'The client id that the issuer gave to this instance.' }),
    clientSecretEnv: t.exposeString('clientSecretEnv', { description: 'The variable that holds the client’s secret.' }),
    groupsClaim: t.exposeString('groupsClaim', {
      nullable: true,
      description: 'The claim in which the issuer names groups; null: groups are not read.',
    }),
    allowedDomains: t.stringList({
      description: 'Domains of people who may come in by it for the first time; none: nobody new.',
      resolve: ({ allowedDomains }) => [...allowedDomains],
    }),
    hasOwnDomains: t.exposeBoolean('hasOwnDomains', {
      description: 'Whether it has its own list of domains; otherwise that of the instance counts.',
    }),
    isOpen: t.exposeBoolean('secretIsSet', {
      description: 'Whether it lets people in; without its secret it does not.',
    }),
    fixedBy: t.exposeString('fixedBy', {
      nullable: true,
      description: 'The key that fixes it, so that it cannot be changed here; null: it is set up here.',
    }),
    redirectUri: t.string({
      description: 'Where the issuer must be told to send people back to.',
      resolve: ({ id }, _args, { instance }) => `${instance.publicUrl}/auth/oidc/${id}/callback`,
    }),
  }),
});

const SettingFaultType = builder.objectRef<SettingFault>('SettingFault').implement({
  description: 'A stored setting that cannot be used. It counts as not set, and lets nobody in.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Which setting.' }),
    message: t.exposeString('message', { description: 'What is wrong and what to do.' }),
  }),
});

const InstanceConfiguration = builder.objectRef<InstanceSettings>('InstanceConfiguration').implement({
  description: 'What the instance is called and how people sign in, as it counts now.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called.' }),
    nameFixedBy: t.string({
      nullable: true,
      description: 'The key that fixes the name; null: it can be changed here.',
      resolve: ({ fixed }) => (fixed.name === null ? null : 'INSTANCE_CONFIG'),
    }),
    contactFixedBy: t.string({
      nullable: true,
      description: 'The key that names the contact; null: nobody is named.',
      resolve: ({ fixed }) => fixed.contact?.by,
    }),
    allowedDomains: t.stringList({
      description: 'E-mail domains of people who may come in for the first time by a provider; none: nobody new.',
      resolve: ({ allowedDomains }) => [...allowedDomains],
    }),
    allowedDomainsFixedBy: t.string({
      nullable: true,
      description: 'The key that fixes the domains; null: they can be changed here.',
      resolve: ({ fixed }) => fixed.allowedDomains?.by,
    }),
    providers: t.field({
      type: [SignInProvider],
      description: 'Every provider, open or not, the fixed ones first.',
      resolve: (settings) => settings.providers(),
    }),
    providersFixedBy: t.string({
      nullable: true,
      description: 'The key that fixes the list of providers; null: providers can be added here.',
      resolve: ({ fixed }) => (fixed.fileHasProviders ? 'INSTANCE_CONFIG' : null),
    }),
    faults: t.field({
      type: [SettingFaultType],
      description: 'Stored settings that cannot be used.',
      resolve: ({ faults }) => [...faults],
    }),
  }),
});

builder.objectField(Instance, 'configuration', (t) =>
  t.field({
    type: InstanceConfiguration,
    nullable: true,
    description: 'How the instance is configured; for administrators.',
    authScopes: { role: 'core.admin' },
    resolve: (_instance, _args, { services }) => services.instanceSettings,
  }),
);
