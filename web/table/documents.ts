import { graphql, type ResultOf } from '../graphql.ts';

export const TableQuery = graphql(`
  query Table($sqlName: String!) {
    table(sqlName: $sqlName) {
      id
      sqlName
      name
      source
      bucket
      alias
      description
      queryMode
      isPublic
      primaryKey
      schedule
      nextDueAt
      version
      watermarkColumn
      columns {
        name
        type
        description
        descriptionSource
      }
      syncState {
        status
        lastSync
        rows
        sizeBytes
        error
      }
      viewerAccess {
        effect
        kind
        expiresAt
        role {
          role {
            key
            displayName
          }
        }
      }
    }
  }
`);

export const TableRunsQuery = graphql(`
  query TableRuns($id: ID!, $first: Int!) {
    table(id: $id) {
      id
      syncRuns(first: $first) {
        id
        requestedBy
        queuedAt
        error
        tables(only: $id) {
          state
          attempts
          rows
          startedAt
          durationMs
          error
        }
      }
    }
  }
`);

export const SampleRowsQuery = graphql(`
  query SampleRows($statement: String!, $limit: Int!) {
    sql(statement: $statement, limit: $limit) {
      columns {
        name
        type
      }
      rows
    }
  }
`);

export const OwnRequestsQuery = graphql(`
  query OwnRequests($first: Int!) {
    accessRequests(first: $first) {
      edges {
        node {
          id
          tableId
          reason
          status
          requestedAt
          decidedAt
          decidedBy
          note
        }
      }
    }
  }
`);

export const RequestTableAccessMutation = graphql(`
  mutation RequestTableAccess($input: RequestTableAccessInput!) {
    requestTableAccess(input: $input) {
      __typename
      ... on RequestTableAccessPayload {
        request {
          id
        }
      }
      ... on Error {
        message
      }
      ... on InvalidInputError {
        fields {
          path
          message
        }
      }
    }
  }
`);

export type TableFacts = NonNullable<ResultOf<typeof TableQuery>['table']>;
export type TableColumn = TableFacts['columns'][number];
export type SampleRows = NonNullable<ResultOf<typeof SampleRowsQuery>['sql']>;
export type TableRun = NonNullable<NonNullable<ResultOf<typeof TableRunsQuery>['table']>['syncRuns']>[number];
export type OwnRequest = NonNullable<ResultOf<typeof OwnRequestsQuery>['accessRequests']>['edges'][number]['node'];
