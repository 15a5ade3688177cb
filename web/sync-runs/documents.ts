import { graphql, type ResultOf } from '../graphql.ts';

const RunParts = graphql(`
  fragment RunParts on SyncRun {
    id
    state
    requestedBy
    queuedAt
    startedAt
    finishedAt
    error
    source {
      name
    }
    counts {
      tables
      ended
      failed
    }
  }
`);

const RunTableParts = graphql(`
  fragment RunTableParts on SyncRunTable {
    state
    attempts
    rows
    sizeBytes
    bytesBilled
    startedAt
    durationMs
    error
    table {
      id
      sqlName
    }
  }
`);

export const SyncRunsQuery = graphql(
  `
    query SyncRuns($first: Int!, $after: String, $source: String, $state: SyncRunState, $table: ID) {
      syncRuns(first: $first, after: $after, source: $source, state: $state, table: $table) {
        edges {
          node {
            ...RunParts
            failures(first: 3) {
              error
              table {
                sqlName
              }
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [RunParts],
);

export const SyncRunQuery = graphql(
  `
    query SyncRun($id: ID!) {
      syncRun(id: $id) {
        ...RunParts
        fullRefresh
        tasks
        report
        tables {
          ...RunTableParts
        }
      }
    }
  `,
  [RunParts, RunTableParts],
);

/** What can be filtered by. */
export const RunFiltersQuery = graphql(`
  query RunFilters {
    sources {
      name
      tables {
        id
        sqlName
      }
    }
  }
`);

/** What a run was about, to ask for it again. */
export const RunAgainQuery = graphql(`
  query RunAgain($id: ID!) {
    syncRun(id: $id) {
      state
      fullRefresh
      tasks
      source {
        name
      }
      tables {
        state
        table {
          id
        }
      }
    }
  }
`);

export const CancelSyncRunMutation = graphql(`
  mutation CancelSyncRun($input: CancelSyncRunInput!) {
    cancelSyncRun(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const TimelineQuery = graphql(`
  query Timeline {
    syncRuns(first: 500) {
      edges {
        node {
          id
          state
          queuedAt
          startedAt
          finishedAt
          source {
            name
          }
        }
      }
      pageInfo {
        hasNextPage
      }
    }
    sources {
      name
      dueTimes(first: 300) {
        at
        tableCount
        tasks
      }
    }
  }
`);

export type Run = ResultOf<typeof RunParts>;
export type RunState = Run['state'];
export type ListedRun = NonNullable<ResultOf<typeof SyncRunsQuery>['syncRuns']>['edges'][number]['node'];
export type RunDetails = NonNullable<ResultOf<typeof SyncRunQuery>['syncRun']>;
export type RunTable = ResultOf<typeof RunTableParts>;
export type Timeline = ResultOf<typeof TimelineQuery>;
