import type { SigningKey as SigningKeyValue } from '../../src/identity/signing-keys.ts';
import { builder } from '../builder.ts';

export const SigningKey = builder.objectRef<SigningKeyValue>('SigningKey').implement({
  description: 'A key by which this instance signs links to files; its secret is shown nowhere.',
  fields: (t) => ({
    keyId: t.exposeString('id', { description: 'Its id, which stands in what it signs.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'From when on it signed.' }),
  }),
});

builder.queryField('signingKeys', (t) =>
  t.field({
    type: [SigningKey],
    nullable: true,
    description:
      'The keys whose signatures count, the newest first: it signs, and the others go once nothing that they signed can be good.',
    authScopes: { role: 'core.admin' },
    resolve: (_root, _args, { services }) => services.signingKeys.list(),
  }),
);
