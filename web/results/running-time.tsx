import { useEffect, useState } from 'react';
import { formatDuration } from '../duration.ts';

const tickMilliseconds = 100;

/** How long something has been running, and still is. */
export function RunningTime({ since }: { since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMilliseconds);
    return () => clearInterval(timer);
  }, []);
  return <>{formatDuration(Math.max(now - since, 0))}</>;
}
