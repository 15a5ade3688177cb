import { useEffect } from 'react';
import { useClient } from 'urql';
import { tellResync } from '../data/connection.ts';
import { graphql } from '../graphql.ts';

const NotificationsSubscription = graphql(`
  subscription Notifications {
    notifications {
      __typename
      id
    }
  }
`);

/** Has everything on the screen fetched again whenever an access request is made or decided that the viewer should know of. */
export function useNotifications(): void {
  const client = useClient();
  useEffect(() => {
    const subscription = client.subscription(NotificationsSubscription, {}).subscribe(({ data }) => {
      if (data?.notifications) tellResync();
    });
    return () => subscription.unsubscribe();
  }, [client]);
}
