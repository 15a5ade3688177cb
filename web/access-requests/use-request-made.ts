import { useEffect } from 'react';
import { useClient } from 'urql';
import { tellResync } from '../data/connection.ts';
import { RequestMadeSubscription } from './documents.ts';

/** Has what is on the screen fetched again whenever somebody asks for access. */
export function useRequestMade(): void {
  const client = useClient();
  useEffect(() => {
    const subscription = client.subscription(RequestMadeSubscription, {}).subscribe(({ data }) => {
      if (data?.notifications?.__typename === 'AccessRequestMade') tellResync();
    });
    return () => subscription.unsubscribe();
  }, [client]);
}
