import { expect, test } from 'vitest';
import { completeInstance, type SetupFacts } from '../../src/cli/setup/complete-plan.ts';
import { readPlan } from '../../src/cli/setup/plan.ts';
import type { Prompt } from '../../src/cli/setup/prompt.ts';

const facts: SetupFacts = {
  setupNeeded: false,
  done: new Set(['NAME']),
  mayAskFor: { domains: true, providers: true },
  connectors: [],
  secrets: [],
  sources: [],
};

function answering(...answers: string[]): { prompt: Prompt; asked: string[] } {
  const asked: string[] = [];
  const answer = async (question: string, instead = '') => {
    asked.push(question);
    return (answers.shift() ?? '') || instead;
  };
  return { asked, prompt: { line: answer, secret: (question) => answer(question), say: () => {} } };
}

test('a person at a terminal is asked for the domains, and for a provider with its secret', async () => {
  const { prompt } = answering(
    'example.com, example.org',
    'my-partners',
    '',
    'https://id.example.com',
    'agnes',
    '',
    's3',
  );
  const plan = await completeInstance(await readPlan({ skip: 'source' }), { facts, prompt });
  expect(plan).toMatchObject({
    allowedDomains: ['example.com', 'example.org'],
    providers: [
      {
        id: 'my-partners',
        label: 'my-partners',
        issuer: 'https://id.example.com',
        clientId: 'agnes',
        clientSecretEnv: 'MY_PARTNERS_CLIENT_SECRET',
      },
    ],
    secrets: { MY_PARTNERS_CLIENT_SECRET: 's3' },
  });
});

test('who answers nothing sets nothing, and what is set or fixed is not asked for', async () => {
  const plan = await readPlan({ skip: 'source' });
  const { allowedDomains, providers, secrets } = await completeInstance(plan, { facts, prompt: answering().prompt });
  expect({ allowedDomains, providers, secrets }).toEqual({ secrets: {} });
  const { prompt, asked } = answering();
  await completeInstance(plan, { facts: { ...facts, mayAskFor: { domains: false, providers: false } }, prompt });
  expect(asked).toEqual([]);
});
