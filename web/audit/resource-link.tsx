import { Link } from '@tanstack/react-router';
import { PageLink } from '../frame/page-link.tsx';
import styles from './audit.module.css';

interface ResourceLinkProps {
  resource: string;
  /** What the event tells besides; of a source, its name. */
  details: unknown;
}

/** What an event was done to, `<kind>:<id>`; it leads to its page where there is one. */
export function ResourceLink({ resource, details }: ResourceLinkProps) {
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
  const plain = <span className={styles.cut}>{text}</span>;
  if (kind === 'syncRun') {
    return (
      <PageLink path="/admin/sync-runs/$id" params={{ id }} otherwise={plain}>
        {text}
      </PageLink>
    );
  }
  const name = kind === 'source' ? nameIn(details) : null;
  if (name === null) return plain;
  return (
    <PageLink path="/admin/sources/$name" params={{ name }} otherwise={plain}>
      {text}
    </PageLink>
  );
}

function nameIn(details: unknown): string | null {
  const { name } = (details ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name : null;
}
