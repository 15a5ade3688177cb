import type { Configuration, Provider } from './documents.ts';

/** A provider as `configureInstance` takes it. */
export interface ProviderInput {
  id: string;
  label: string;
  issuer: string;
  clientId: string;
  clientSecretEnv: string;
  groupsClaim: string | null;
  allowedDomains: string[] | null;
}

/** The providers that are set up in the program, as they would be sent unchanged. */
export function ownProviders({ providers }: Configuration): ProviderInput[] {
  return providers.filter(({ fixedBy }) => fixedBy === null).map(asInput);
}

function asInput(provider: Provider): ProviderInput {
  const { id, label, issuer, clientId, clientSecretEnv, groupsClaim, allowedDomains, hasOwnDomains } = provider;
  const own = hasOwnDomains ? allowedDomains : null;
  return { id, label, issuer, clientId, clientSecretEnv, groupsClaim, allowedDomains: own };
}
