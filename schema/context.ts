import DataLoader from 'dataloader';
import type { AuditAction } from '../src/audit/audit-action.ts';
import type { Device } from '../src/identity/device.ts';
import type { Identity } from '../src/identity/identity.ts';
import { readDevicesOf } from '../src/identity/read-devices.ts';
import { readIdentitiesOf } from '../src/identity/read-identities.ts';
import { readSessionsOf } from '../src/identity/read-sessions.ts';
import { readTokensOf } from '../src/identity/read-tokens.ts';
import type { Session } from '../src/identity/session.ts';
import type { Token } from '../src/identity/token.ts';
import { runOperation, type Client, type Operation } from '../src/operation/define-operation.ts';
import type { Principal } from '../src/operation/principal.ts';
import type { Services } from '../src/operation/services.ts';
import type { ExternalGroup } from '../src/people/external-group.ts';
import { readExternalGroupsOf } from '../src/people/read-external-groups.ts';
import { readHavePassword, readUsers } from '../src/people/read-users.ts';
import type { User } from '../src/people/user.ts';
import type { AccessRequest } from '../src/sharing/access-request.ts';
import { readAccessRequests } from '../src/sharing/read-access-requests.ts';
import { readRunHistories, readSyncRunTables, type RunHistory } from '../src/sync/read-sync-runs.ts';
import type { SyncRun, SyncRunTable } from '../src/sync/sync-run.ts';

/** What one request, or one event of a subscription, carries. Never kept for the next. */
export interface Context {
  readonly principal: Principal | null;
  readonly requestId: string;
  readonly services: Services;
  readonly instance: InstanceFacts;
  readonly loaders: Loaders;
  /** Aborted when the client has gone away. */
  readonly signal: AbortSignal | undefined;
  /** Puts a session's secret into the answer's cookie; absent where an answer has no headers. */
  readonly setSession: ((session: { secret: string; expiresAt: Date }) => void) | undefined;
  /** Takes the session's cookie away with the answer; absent where an answer has no headers. */
  readonly clearSession: (() => void) | undefined;
  /** From where the request came; absent where it is not known. */
  readonly client: Client | undefined;
  /** Set on `GET`, which links and images can cause: statements are refused there. */
  readonly refusesStatements: boolean;
  /** Runs an operation for this request's principal. */
  run<Raw, Input, Prepared, Result, Event extends AuditAction>(
    operation: Operation<Raw, Input, Prepared, Result, Event>,
    input: NoInfer<Raw>,
  ): Promise<Result>;
}

/** What everybody may know of this instance. */
export interface InstanceFacts {
  readonly version: string;
  readonly developmentMode: boolean;
  /** Where browsers reach it, without a slash at its end. */
  readonly publicUrl: string;
}

interface Loaders {
  readonly users: DataLoader<string, User | null>;
  readonly havePassword: DataLoader<string, boolean>;
  readonly sessionsOf: DataLoader<string, Session[]>;
  readonly tokensOf: DataLoader<string, Token[]>;
  readonly devicesOf: DataLoader<string, Device[]>;
  readonly identitiesOf: DataLoader<string, Identity[]>;
  readonly accessRequests: DataLoader<string, AccessRequest | null>;
  readonly externalGroups: DataLoader<string, ExternalGroup[]>;
  readonly syncRunTables: DataLoader<string, SyncRunTable[]>;
  readonly runHistories: DataLoader<RunHistory, SyncRun[], string>;
}

/** A fresh context. */
export function createContext(
  given: Pick<Context, 'principal' | 'requestId' | 'services' | 'instance'> &
    Partial<Pick<Context, 'signal' | 'setSession' | 'clearSession' | 'client' | 'refusesStatements'>>,
): Context {
  const { principal, requestId, services, client } = given;
  return {
    ...given,
    signal: given.signal,
    setSession: given.setSession,
    clearSession: given.clearSession,
    client,
    refusesStatements: given.refusesStatements ?? false,
    loaders: {
      users: new DataLoader((ids) => readUsers(services, ids)),
      havePassword: new DataLoader((ids) => readHavePassword(services, ids)),
      devicesOf: new DataLoader((ids) => readDevicesOf(services, ids)),
      identitiesOf: new DataLoader((ids) => readIdentitiesOf(services, ids)),
      sessionsOf: new DataLoader((ids) => readSessionsOf(services, ids)),
      tokensOf: new DataLoader((ids) => readTokensOf(services, ids)),
      accessRequests: new DataLoader((ids) => readAccessRequests(services, ids)),
      externalGroups: new DataLoader((ids) => readExternalGroupsOf(services, ids)),
      syncRunTables: new DataLoader((ids) => readSyncRunTables(services, ids)),
      // One loader for both, so that what is below their runs is asked for at once.
      runHistories: new DataLoader((keys) => readRunHistories(services, keys), {
        cacheKeyFn: (key) => JSON.stringify(key),
      }),
    },
    run: (operation, input) => runOperation(operation, { input, caller: { principal, requestId, client }, services }),
  };
}
