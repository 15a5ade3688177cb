import { useEffect, useMemo, useState } from 'react';
import { useClient, useQuery, type CombinedError } from 'urql';
import { NamedTablesQuery, type NamedTable } from './documents.ts';

/** The tables that this person may read; `known` is false until the first have come. */
export interface NamedTables {
  tables: readonly NamedTable[];
  known: boolean;
  error: CombinedError | undefined;
  retry: () => void;
}

/** All tables that this person may read, with their columns; fewer while they come, and again when access changes. */
export function useNamedTables(): NamedTables {
  const client = useClient();
  const [{ data, error }, refetch] = useQuery({ query: NamedTablesQuery, variables: {} });
  const first = data?.tables;
  const [more, setMore] = useState<{ behind: typeof first; tables: readonly NamedTable[] }>();
  useEffect(() => {
    if (!first?.pageInfo.hasNextPage) return;
    let left = false;
    async function readRest(cursor: string | null): Promise<void> {
      const tables: NamedTable[] = [];
      for (let after = cursor; after !== null && !left;) {
        const answer = await client.query(NamedTablesQuery, { after }, { requestPolicy: 'network-only' }).toPromise();
        const page = answer.data?.tables;
        tables.push(...(page?.edges.map(({ node }) => node) ?? []));
        after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      }
      if (!left) setMore({ behind: first, tables });
    }
    void readRest(first.pageInfo.endCursor);
    return () => {
      left = true;
    };
  }, [client, first]);
  const tables = useMemo(() => {
    const rest = more?.behind === first ? more?.tables : undefined;
    return [...(first?.edges.map(({ node }) => node) ?? []), ...(rest ?? [])];
  }, [first, more]);
  return { tables, known: first != null, error, retry: () => refetch({ requestPolicy: 'network-only' }) };
}
