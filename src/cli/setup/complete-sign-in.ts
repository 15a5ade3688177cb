import type { SetupPlan } from './plan.ts';
import type { Prompt } from './prompt.ts';

/** The plan with the domains, and the provider with its secret, that the person at the terminal names. */
export async function completeSignIn(
  plan: SetupPlan,
  { facts: { mayAskFor }, prompt }: { facts: { mayAskFor: { domains: boolean; providers: boolean } }; prompt: Prompt },
): Promise<SetupPlan> {
  const allowedDomains =
    plan.allowedDomains ?? (mayAskFor.domains && !plan.skip.includes('name') ? await askDomains(prompt) : undefined);
  if (plan.providers || !mayAskFor.providers || plan.skip.includes('name')) return { ...plan, allowedDomains };
  const id = await prompt.line('Id of an OpenID Connect provider, such as partners; empty: people come in by password');
  if (id === '') return { ...plan, allowedDomains };
  const label = await prompt.line('What its button says', id);
  const issuer = await prompt.line('Its issuer, such as https://login.example.com');
  const clientId = await prompt.line('The client id it gave');
  const groupsClaim = await prompt.line('The claim that names groups; empty: groups are not read');
  const clientSecretEnv = `${id.toUpperCase().replaceAll('-', '_')}_CLIENT_SECRET`;
  const secret =
    plan.secrets[clientSecretEnv] ?? (await prompt.secret('The client secret; empty: closed until it is set'));
  const provider = { id, label, issuer, clientId, clientSecretEnv, ...(groupsClaim !== '' && { groupsClaim }) };
  const secrets = secret === '' ? plan.secrets : { ...plan.secrets, [clientSecretEnv]: secret };
  return { ...plan, allowedDomains, providers: [provider], secrets };
}

async function askDomains(prompt: Prompt): Promise<string[] | undefined> {
  const typed = await prompt.line(
    'E-mail domains of people who may come in by a provider, with commas; empty: nobody new',
  );
  const domains = typed.split(/[\s,]+/).filter((domain) => domain !== '');
  return domains.length > 0 ? domains : undefined;
}
