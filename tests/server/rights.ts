import type { Principal } from '../../src/operation/principal.ts';
import type { AccessSource, CredentialHandle } from '../../src/server/subscription-access.ts';

interface Person {
  readonly roles: Set<string>;
  readonly tables: Set<string>;
  active: boolean;
}

/** Who may what, kept in memory: users by name; a credential is good while its user is active and it is not revoked. */
export class Rights implements AccessSource {
  readonly #people = new Map<string, Person>();
  readonly #tokens = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  /** Adds a user, who has one token: `token-<name>`. */
  add(name: string, { roles = ['viewer'], tables = [] as string[] } = {}): void {
    this.#people.set(name, { roles: new Set(roles), tables: new Set(tables), active: true });
    this.#tokens.set(`token-${name}`, name);
  }

  change(name: string, change: (person: Person) => void): void {
    change(this.person(name));
    for (const listener of this.#listeners) listener();
  }

  revokeToken(name: string): void {
    this.#tokens.delete(`token-${name}`);
    for (const listener of this.#listeners) listener();
  }

  /** Ends a token as time does: nobody is told. */
  expireToken(name: string): void {
    this.#tokens.delete(`token-${name}`);
  }

  person(name: string): Person {
    const person = this.#people.get(name);
    if (!person) throw new Error(`There is no user ${name}.`);
    return person;
  }

  tablesOf(principal: Principal): string[] {
    return [...this.person(principal.userId).tables].toSorted();
  }

  principalOf(credential: CredentialHandle): Principal | null {
    const name = this.#tokens.get(String(credential));
    const person = name === undefined ? undefined : this.#people.get(name);
    if (name === undefined || !person?.active) return null;
    return {
      userId: name,
      email: `${name}@example.com`,
      credential: { kind: 'pat', id: String(credential) },
      roles: new Set(person.roles),
    };
  }

  accessKey(principal: Principal, personal: boolean): string {
    return JSON.stringify([
      [...principal.roles].toSorted(),
      this.tablesOf(principal),
      personal ? principal.userId : null,
    ]);
  }

  onAccessChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
