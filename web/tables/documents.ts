import { graphql, type ResultOf } from '../graphql.ts';

const SyncStateParts = graphql(`
  fragment SyncStateParts on TableSyncState {
    status
    lastSync
    rows
    sizeBytes
    error
  }
`);

const TableParts = graphql(
  `
    fragment TableParts on Table {
      id
      source
      sqlName
      alias
      description
      primaryKey
      columns {
        name
        type
        description
      }
      syncState {
        ...SyncStateParts
      }
    }
  `,
  [SyncStateParts],
);

export const TablesQuery = graphql(
  `
    query Tables($first: Int!, $after: String, $search: String) {
      tables(first: $first, after: $after, search: $search) {
        edges {
          node {
            ...TableParts
          }
        }
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [TableParts],
);

export const SourcesQuery = graphql(`
  query Sources {
    sources {
      id
      name
      connector
      tables {
        id
        syncState {
          status
        }
      }
    }
  }
`);

export const StartSyncMutation = graphql(`
  mutation StartSync($input: StartSyncInput!) {
    startSync(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const SyncEventsSubscription = graphql(
  `
    subscription SyncEvents($after: ID) {
      syncEvents(after: $after) {
        __typename
        id
        source
        ... on SyncProgress {
          table {
            id
            sqlName
            syncState {
              ...SyncStateParts
            }
          }
        }
        ... on SyncTablePublished {
          table {
            id
            sqlName
            syncState {
              ...SyncStateParts
            }
          }
        }
        ... on SyncTableFailed {
          message
          table {
            id
            sqlName
            syncState {
              ...SyncStateParts
            }
          }
        }
      }
    }
  `,
  [SyncStateParts],
);

export type SyncState = ResultOf<typeof SyncStateParts>;
export type TableSummary = ResultOf<typeof TableParts>;
export type SyncEvent = NonNullable<ResultOf<typeof SyncEventsSubscription>['syncEvents']>;
