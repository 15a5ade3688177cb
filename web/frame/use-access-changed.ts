import { useEffect } from 'react';
import { useClient } from 'urql';
import { tellResync } from '../data/connection.ts';
import { graphql } from '../graphql.ts';

const AccessChangedSubscription = graphql(`
  subscription AccessChanged {
    accessChanged {
      accessVersion
    }
  }
`);

/** Has everything on the screen fetched again whenever what this person may read, or be, becomes something else. */
export function useAccessChanged(signedIn: boolean): void {
  const client = useClient();
  useEffect(() => {
    if (!signedIn) return;
    const subscription = client.subscription(AccessChangedSubscription, {}).subscribe(({ data }) => {
      if (data?.accessChanged) tellResync();
    });
    return () => subscription.unsubscribe();
  }, [client, signedIn]);
}
