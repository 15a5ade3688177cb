import { graphql, type ResultOf } from '../connection/graphql.ts';

export const StartSync = graphql(`
  mutation StartSync($input: StartSyncInput!) {
    startSync(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on StartSyncPayload {
        run {
          id
          state
          tasks
          queuedAt
          tables {
            table {
              sqlName
            }
          }
        }
      }
    }
  }
`);

export const SyncEvents = graphql(`
  subscription SyncEvents($sources: [String!], $after: ID) {
    syncEvents(sources: $sources, after: $after) {
      __typename
      id
      runId
      source
      ... on SyncProgress {
        table {
          sqlName
        }
      }
      ... on SyncTablePublished {
        table {
          sqlName
          syncState {
            rows
          }
        }
      }
      ... on SyncTableFailed {
        message
        table {
          sqlName
        }
      }
      ... on GenerationPublished {
        generation
      }
      ... on SyncFinished {
        state
      }
    }
  }
`);

export const SyncRun = graphql(`
  query SyncRun($id: ID!) {
    syncRun(id: $id) {
      id
      source {
        name
      }
      state
      error
      requestedBy
      fullRefresh
      tasks
      report
      queuedAt
      startedAt
      finishedAt
      durationMs
      tables {
        state
        attempts
        rows
        bytesBilled
        durationMs
        error
        table {
          sqlName
        }
      }
    }
  }
`);

export const TablesNamed = graphql(`
  query TablesNamed($search: String!, $after: String) {
    tables(search: $search, first: 500, after: $after) {
      edges {
        node {
          id
          sqlName
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type SyncEvent = NonNullable<ResultOf<typeof SyncEvents>['syncEvents']>;
export type SyncRun = NonNullable<ResultOf<typeof SyncRun>['syncRun']>;
