import { isDeepStrictEqual } from 'node:util';
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

/** The open issuers, by id, in the order of the configuration, and the seal of their flows. */
export class OidcProviders {
  readonly seal = new FlowSeal();
  readonly #google: GoogleEndpoints;
  #byId: ReadonlyMap<string, OidcProvider> = new Map();

  constructor(settings: readonly SignInProvider[], google: GoogleEndpoints) {
    this.#google = google;
    this.replace(settings);
  }

  get byId(): ReadonlyMap<string, OidcProvider> {
    return this.#byId;
  }

  /** From now on these are open and no others. Who is the same as before keeps what is known of the issuer; none is asked. */
  replace(settings: readonly SignInProvider[]): void {
    const providers = settings.map((each) => {
      const made = this.#make(each);
      const known = this.#byId.get(each.id);
      return known && isDeepStrictEqual(known.settings, made.settings) ? known : made;
    });
    this.#byId = new Map(providers.map((provider) => [provider.settings.id, provider]));
  }

  #make(settings: SignInProvider): OidcProvider {
    return settings.profile === 'google'
      ? new OidcProvider({ ...settings, issuer: this.#google.issuer }, googleProfile(this.#google))
      : new OidcProvider(settings, claimProfile(settings.groupsClaim));
  }
}
