import { createContext, useContext, useMemo, useState } from 'react';
import { useQuery, type CombinedError } from 'urql';
import { graphql, type ResultOf, type RootField } from '../graphql.ts';
import { mayUse } from './access.ts';

const SessionQuery = graphql(`
  query Session {
    instance {
      name
      version
      developmentMode
      setupNeeded
      contact
      signInDoors {
        kind
        label
        url
      }
    }
    viewer {
      id
      email
      credential {
        kind
      }
      coreRole {
        key
        displayName
      }
      effectiveRoles {
        role {
          key
        }
      }
    }
  }
`);

const AccessMatrixQuery = graphql(`
  query AccessMatrix {
    accessMatrix {
      field
      rule
      roles
      permitted
    }
  }
`);

type SessionRule = NonNullable<ResultOf<typeof AccessMatrixQuery>['accessMatrix']>[number];

/** Who looks at which instance, and what they may use. */
export interface Session {
  instance: NonNullable<ResultOf<typeof SessionQuery>['instance']>;
  /** Null: nobody is signed in. */
  viewer: ResultOf<typeof SessionQuery>['viewer'];
  may: (field: RootField) => boolean;
  /** The rule of a root field; undefined when the server does not have it. */
  ruleOf: (field: RootField) => SessionRule | undefined;
}

type SessionState =
  | { state: 'loading' }
  | { state: 'failed'; error: CombinedError; retry: () => void }
  | { state: 'ready'; session: Session };

/** Asks the server who is signed in and, for somebody who is, for the access matrix. */
export function useSessionRequest(): SessionState {
  const [who, refetchWho] = useQuery({ query: SessionQuery });
  const viewer = who.data?.viewer ?? null;
  const [access, refetchAccess] = useQuery({ query: AccessMatrixQuery, pause: viewer === null });
  const instance = who.data?.instance;
  const matrix = access.data?.accessMatrix;

  const fresh = useMemo<Session | undefined>(() => {
    if (!instance || (viewer && !matrix)) return undefined;
    const roles = new Set(viewer?.effectiveRoles.map(({ role }) => role.key));
    return {
      instance,
      viewer,
      may: (field) => mayUse(field, { roles, matrix: matrix ?? [] }),
      ruleOf: (field) => matrix?.find((rule) => rule.field === field),
    };
  }, [instance, viewer, matrix]);

  // A later request that fails does not take the page away: what was known stays.
  const [known, setKnown] = useState(fresh);
  if (fresh && fresh !== known) setKnown(fresh);
  const session = fresh ?? known;
  if (session) return { state: 'ready', session };
  const error = who.error ?? access.error;
  if (!error) return { state: 'loading' };
  return {
    state: 'failed',
    error,
    retry: () => (who.error ? refetchWho : refetchAccess)({ requestPolicy: 'network-only' }),
  };
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** The session of this page; only parts inside the frame may ask. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession is used outside the frame');
  return session;
}
