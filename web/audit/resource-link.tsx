import { Link } from '@tanstack/react-router';
import styles from './audit.module.css';

/** What an event was done to, `<kind>:<id>`; it leads to its page where there is one. */
export function ResourceLink({ resource }: { resource: string }) {
  const separator = resource.indexOf(':');
  const kind = separator === -1 ? resource : resource.slice(0, separator);
  const id = resource.slice(separator + 1);
  const text = <bdi>{resource}</bdi>;
  if (kind === 'user') {
    return (
      <Link to="/admin/users/$id" params={{ id }} className={styles.cut}>
        {text}
      </Link>
    );
  }
  if (kind === 'role') {
    return (
      <Link to="/admin/roles" search={{ role: id }} className={styles.cut}>
        {text}
      </Link>
    );
  }
  if (kind === 'table') {
    return (
      <Link to="/admin/access" search={{ table: id }} className={styles.cut}>
        {text}
      </Link>
    );
  }
  return <span className={styles.cut}>{text}</span>;
}
