import { useEffect, useEffectEvent } from 'react';
import { useClient } from 'urql';
import { SyncEventsSubscription, type SyncEvent } from './documents.ts';

/** Calls `onEvent` for each sync event, in order, while the part that asks is on the screen. */
export function useSyncEvents(onEvent: (event: SyncEvent) => void): void {
  const client = useClient();
  const tell = useEffectEvent(onEvent);
  useEffect(() => {
    const subscription = client.subscription(SyncEventsSubscription, {}).subscribe(({ data }) => {
      if (data?.syncEvents) tell(data.syncEvents);
    });
    return () => subscription.unsubscribe();
  }, [client]);
}
