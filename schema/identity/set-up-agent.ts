import type { Token as TokenRow } from '../../src/identity/token.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { agentSetupText } from '../../src/sharing/agent-setup-text.ts';
import { setUpAgent } from '../../src/sharing/set-up-agent.ts';
import { builder } from '../builder.ts';
import { Token } from './token.ts';

const SetUpAgentPayload = builder.objectRef<{ token: TokenRow; text: string }>('SetUpAgentPayload').implement({
  description: 'What an agent needs to be set up beside the viewer.',
  fields: (t) => ({
    token: t.expose('token', { type: Token, description: 'What is kept of the token that is in the text.' }),
    text: t.exposeString('text', {
      description:
        'Paste it into the agent: it installs `da`, signs it in, brings the tables and checks itself. The token is in it, and is shown this once.',
    }),
  }),
});

builder.mutationField('setUpAgent', (t) =>
  t.field({
    type: SetUpAgentPayload,
    nullable: true,
    description:
      'Makes a personal access token of 90 days for an agent that works for the viewer, and the text by which the agent sets itself up. ' +
      'For whoever holds a role that reaches beyond tables, such as `core.admin`, the token is read-only.',
    authScopes: setUpAgent.rule,
    errors: { types: [InvalidInputError] },
    async resolve(_root, _arguments, context) {
      const { token, secret, email, endsAt } = await context.run(setUpAgent, {});
      return { token, text: agentSetupText({ server: context.instance.publicUrl, email, secret, endsAt }) };
    },
  }),
);
