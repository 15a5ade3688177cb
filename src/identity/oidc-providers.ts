import type { SignInProvider } from '../kernel/sign-in-config.ts';
import { FlowSeal } from './oidc-flow.ts';
import { OidcProvider } from './oidc-provider.ts';
import { claimProfile } from './providers/claim.ts';
import { googleProfile, type GoogleEndpoints } from './providers/google.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly oidc: OidcProviders;
  }
}

/** The configured issuers, by id, in the order of the configuration, and the seal of their flows. */
export interface OidcProviders {
  readonly byId: ReadonlyMap<string, OidcProvider>;
  readonly seal: FlowSeal;
}

/** Makes a client of each issuer; none is asked anything yet. */
export function openOidcProviders(settings: readonly SignInProvider[], google: GoogleEndpoints): OidcProviders {
  const providers = settings.map((each) =>
    each.profile === 'google'
      ? new OidcProvider({ ...each, issuer: google.issuer }, googleProfile(google))
      : new OidcProvider(each, claimProfile(each.groupsClaim)),
  );
  return { byId: new Map(providers.map((provider) => [provider.settings.id, provider])), seal: new FlowSeal() };
}
