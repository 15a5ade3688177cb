import { formatDuration } from '../duration.ts';
import { useNow } from '../now.ts';

interface RunDurationProps {
  startedAt: string | null;
  finishedAt: string | null;
}

/** How long a run took, or has taken so far; a dash before it began. */
export function RunDuration({ startedAt, finishedAt }: RunDurationProps) {
  const now = useNow();
  if (startedAt === null) return <span aria-label="none">–</span>;
  const end = finishedAt === null ? now : new Date(finishedAt);
  const milliseconds = end.getTime() - new Date(startedAt).getTime();
  return finishedAt === null && milliseconds < 1000 ? 'just begun' : formatDuration(Math.max(0, milliseconds));
}
