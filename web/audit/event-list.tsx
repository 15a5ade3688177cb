import type { AuditFilter } from './audit-filter.ts';
import type { AuditEvent } from './documents.ts';
import { EventRow } from './event-row.tsx';
import { WideTable } from '../wide-table.tsx';
import styles from './audit.module.css';

interface EventListProps {
  events: readonly AuditEvent[];
  /** Called with what shall narrow the list further. */
  onOnly: (part: AuditFilter) => void;
}

/** Events as a table; the details of each unfold below it. */
export function EventList({ events, onOnly }: EventListProps) {
  return (
    <WideTable label="Events" className={styles.events}>
      <thead>
        <tr>
          <th scope="col">Action</th>
          <th scope="col">Who</th>
          <th scope="col">On what</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <EventRow key={event.id} event={event} onOnly={onOnly} />
        ))}
      </tbody>
    </WideTable>
  );
}
