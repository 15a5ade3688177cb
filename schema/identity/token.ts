import type { Token as TokenRow } from '../../src/identity/token.ts';
import { readTokensOf } from '../../src/identity/read-tokens.ts';
import { builder } from '../builder.ts';

export const Token = builder.objectRef<TokenRow>('Token');

builder.node(Token, {
  description: 'A personal access token; its secret was shown once.',
  node: {
    rule: { signedIn: true },
    load: async (id, { services, principal }) => {
      const tokens = await readTokensOf(services, principal.userId);
      return tokens.find((token) => token.id === id);
    },
  },
  id: { resolve: (token) => token.id, description: 'Global id.' },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What its owner called it.' }),
    prefix: t.exposeString('prefix', { description: 'How its secret begins.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'When it ends by itself.' }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When it was revoked.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used; written about once a minute.',
    }),
  }),
});
