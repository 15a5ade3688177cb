import { formatBytes } from '../format.ts';
import type { Removed } from './documents.ts';

const nouns = [
  ['tables', 'table', 'tables'],
  ['tableGrants', 'grant', 'grants'],
  ['accessRequests', 'request for access', 'requests for access'],
  ['files', 'file', 'files'],
] as const;

interface RemovedListProps {
  removed: Removed;
  /** Whether the tables themselves are counted too. */
  withTables: boolean;
}

/** What would be lost, as a list; nothing when nothing would. */
export function RemovedList({ removed, withTables }: RemovedListProps) {
  const lost = nouns.filter(([key]) => removed[key] > 0 && (withTables || key !== 'tables'));
  if (lost.length === 0) return null;
  return (
    <ul>
      {lost.map(([key, one, many]) => (
        <li key={key}>
          {removed[key]} {removed[key] === 1 ? one : many}
          {key === 'files' && `, ${formatBytes(removed.sizeBytes)}`}
        </li>
      ))}
    </ul>
  );
}
