import { z, type ZodType } from 'zod';
import {
  configuredProvider,
  emailDomain,
  instanceName,
  providerEntry,
  type ConfiguredProvider,
  type FixedSettings,
  type ProviderEntry,
  type SignInProvider,
} from '../kernel/sign-in-config.ts';
import type { Variables } from '../kernel/variables.ts';
import { readProviderSecret } from './provider-secret.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly instanceSettings: InstanceSettings;
    /** What connectors and providers may read of the environment, and the secrets behind it. */
    readonly variables: Variables;
  }
}

/** What is set up in the program; null: nothing was said yet. */
export interface StoredSettings {
  readonly name: string | null;
  readonly allowedDomains: readonly string[] | null;
  readonly providers: readonly ProviderEntry[] | null;
}

/** A setting as it is stored. */
export type SettingKey = keyof StoredSettings;

const shapes: { readonly [Key in SettingKey]: ZodType<NonNullable<StoredSettings[Key]>> } = {
  name: instanceName,
  allowedDomains: z.array(emailDomain),
  providers: z.array(providerEntry),
};

/** A stored setting that cannot be used; it counts as not said, which lets nobody in. */
export interface SettingFault {
  readonly key: string;
  readonly message: string;
}

/** A provider with what decides whether it is open. */
export interface ProviderState extends Omit<ConfiguredProvider, 'clientSecret' | 'allowedDomains'> {
  /** Those that count, whoever said them. */
  readonly allowedDomains: readonly string[];
  /** Whether it has a list of its own. */
  readonly hasOwnDomains: boolean;
  /** Without its secret it lets nobody in. */
  readonly secretIsSet: boolean;
}

const defaultName = 'Agnes';

/** What this instance is called and how people sign in: what the operator fixed, and where nothing is fixed what is stored. */
export class InstanceSettings {
  readonly fixed: FixedSettings;
  readonly #variables: Variables;
  #stored: StoredSettings = { name: null, allowedDomains: null, providers: null };
  #faults: readonly SettingFault[] = [];

  constructor(given: { fixed: FixedSettings; variables: Variables; rows: readonly { key: string; value: string }[] }) {
    this.fixed = given.fixed;
    this.#variables = given.variables;
    for (const { key, value } of given.rows) this.#read(key, value);
  }

  #read(key: string, text: string): void {
    if (!isSettingKey(key)) return this.#addFault(key, 'there is no such setting');
    try {
      this.apply({ key, value: shapes[key].parse(JSON.parse(text)) });
    } catch (error) {
      const reason = error instanceof z.ZodError ? describeIssue(error) : (error as Error).message;
      this.#addFault(key, reason);
    }
  }

  #addFault(key: string, reason: string): void {
    const message = `The stored setting ${key} cannot be used (${reason}) and counts as not set; set it again.`;
    this.#faults = [...this.#faults, { key, message }];
  }

  /** Takes over a setting that was stored. */
  apply({ key, value }: { key: SettingKey; value: StoredSettings[SettingKey] }): void {
    this.#stored = { ...this.#stored, [key]: value };
    this.#faults = this.#faults.filter((fault) => fault.key !== key);
  }

  /** What was said in the program, whether it counts or not. */
  get stored(): StoredSettings {
    return this.#stored;
  }

  get faults(): readonly SettingFault[] {
    return this.#faults;
  }

  get name(): string {
    return this.fixed.name ?? this.#stored.name ?? defaultName;
  }

  /** Whether somebody named it. */
  get isNamed(): boolean {
    return (this.fixed.name ?? this.#stored.name) !== null;
  }

  /** Whom people ask for a role: an e-mail address or a link; null: nobody is named. */
  get contact(): string | null {
    return this.fixed.contact?.address ?? null;
  }

  /** Domains of people who may come in for the first time, by providers without a list of their own; none: nobody new. */
  get allowedDomains(): readonly string[] {
    return this.fixed.allowedDomains?.domains ?? this.#stored.allowedDomains ?? [];
  }

  /** Every provider, open or not, the fixed ones first. */
  providers(): ProviderState[] {
    return this.#configured().map(({ clientSecret, allowedDomains, ...provider }) => ({
      ...provider,
      allowedDomains: allowedDomains ?? this.allowedDomains,
      hasOwnDomains: allowedDomains !== null,
      secretIsSet: clientSecret !== '',
    }));
  }

  /** The providers that let people in: those whose secret is there. */
  openProviders(): SignInProvider[] {
    return this.#configured()
      .filter(({ clientSecret }) => clientSecret !== '')
      .map((provider) => ({ ...provider, allowedDomains: provider.allowedDomains ?? this.allowedDomains }));
  }

  #configured(): ConfiguredProvider[] {
    const { providers: fixed, fileHasProviders } = this.fixed;
    if (fileHasProviders) return [...fixed];
    const taken = new Set(fixed.map(({ id }) => id));
    const stored = (this.#stored.providers ?? []).filter(({ id }) => !taken.has(id));
    return [
      ...fixed,
      ...stored.map((entry) => configuredProvider(entry, readProviderSecret(this.#variables, entry) ?? '')),
    ];
  }
}

function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(shapes, key);
}

function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue?.path.join('.') ?? '';
  return `${place === '' ? '' : `${place}: `}${issue?.message ?? 'it has another shape'}`;
}
