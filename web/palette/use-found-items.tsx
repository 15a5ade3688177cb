import { useNavigate } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { hrefOf } from '../frame/page-link.tsx';
import { useMayOpen } from '../frame/use-may-open.ts';
import { MetricIcon, PersonIcon, TableIcon } from '../icons.tsx';
import { storedIdOf } from '../users/stored-id.ts';
import { PaletteMetricsQuery, PaletteTablesQuery, PaletteUsersQuery } from './documents.ts';
import type { PaletteGroup } from './palette-item.ts';

/** Things of one kind on the screen. */
const shownOfEach = 6;

const metricPath = '/metrics/$category/$name';

/** A search finds by descriptions and columns, too: of so many tables those with the text in their name come first. */
const searchedTables = 100;

/** Tables, metrics and users that the server finds for this text, as far as the person may search for them; nothing for an empty text. */
export function useFoundItems(search: string) {
  const navigate = useNavigate();
  const mayOpen = useMayOpen();
  const variables = { search, first: shownOfEach };
  const [tables] = useQuery({
    query: PaletteTablesQuery,
    variables: { search, first: searchedTables },
    pause: !search || !mayOpen('/tables'),
  });
  const [metrics] = useQuery({ query: PaletteMetricsQuery, variables, pause: !search || !mayOpen(metricPath) });
  const [users] = useQuery({ query: PaletteUsersQuery, variables, pause: !search || !mayOpen('/admin/users') });

  const groups: PaletteGroup[] = [
    {
      name: 'Tables',
      items: byName(tables.data?.tables?.edges ?? [], search).map(({ node: { id, sqlName, description } }) => ({
        id,
        label: sqlName,
        detail: description,
        icon: <TableIcon />,
        go: () => void navigate({ to: '/tables/$sqlName', params: { sqlName } }),
      })),
    },
    {
      name: 'Metrics',
      items: (metrics.data?.metrics?.edges ?? []).map(({ node: { id, displayName, category, name } }) => ({
        id,
        label: displayName,
        detail: category,
        icon: <MetricIcon />,
        go: () => void navigate({ href: hrefOf({ path: metricPath, params: { category, name } }) }),
      })),
    },
    {
      name: 'Users',
      items: (users.data?.users?.edges ?? []).map(({ node: { id, email, name } }) => ({
        id,
        label: email,
        detail: name,
        icon: <PersonIcon />,
        go: () => void navigate({ to: '/admin/users/$id', params: { id: storedIdOf(id) } }),
      })),
    },
  ];
  return {
    // A query that is not asked keeps what it found before.
    groups: search === '' ? [] : groups,
    searching: tables.fetching || metrics.fetching || users.fetching,
    error: tables.error ?? metrics.error ?? users.error,
  };
}

/** Those with the text in their name before those that have it elsewhere; the order is kept beside that. */
function byName<Edge extends { node: { sqlName: string } }>(edges: readonly Edge[], search: string): Edge[] {
  const text = search.toLowerCase();
  const rank = ({ node: { sqlName } }: Edge) => Number(!sqlName.includes(text));
  return edges.toSorted((one, other) => rank(one) - rank(other)).slice(0, shownOfEach);
}
