import type { Variables } from '../kernel/variables.ts';

/**
 * The secret of a provider that is set up in the program: one that was kept for this very issuer. What the environment gives never
 * counts, nor what was kept for another issuer, so that whoever sets providers up sends no secret to an issuer of their choice.
 */
export function readProviderSecret(
  variables: Variables,
  { clientSecretEnv, issuer }: { clientSecretEnv: string; issuer: string },
): string | undefined {
  return variables.readKept(issuerVariable(clientSecretEnv)) === issuer
    ? variables.readKept(clientSecretEnv)
    : undefined;
}

/** The variable beside a provider's secret that says for which issuer it was kept. */
export function issuerVariable(clientSecretEnv: string): string {
  return `${clientSecretEnv}_ISSUER`;
}
