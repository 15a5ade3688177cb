import { useSyncExternalStore } from 'react';
import { connectionState, subscribeToState } from '../data/connection.ts';
import styles from './frame.module.css';

/** Says that what is on the screen may be old, as long as the socket is lost. */
export function ConnectionBanner() {
  const state = useSyncExternalStore(subscribeToState, connectionState);
  return (
    <div role="status">
      {state === 'lost' && (
        <div className={styles.banner}>
          The connection to the server is lost; what you see may be old. Trying again…
        </div>
      )}
    </div>
  );
}
