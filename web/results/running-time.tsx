import { useEffect, useState } from 'react';
import { formatElapsed } from '../format.ts';

const tickMilliseconds = 100;

/** How long something has been running, and still is. */
export function RunningTime({ since }: { since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMilliseconds);
    return () => clearInterval(timer);
  }, []);
  return <>{formatElapsed(Math.max(now - since, 0))}</>;
}
