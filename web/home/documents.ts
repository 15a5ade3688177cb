import { graphql, type ResultOf } from '../graphql.ts';

export const FreshnessQuery = graphql(`
  query Freshness($changed: Int!, $failing: Int!) {
    tableFreshness {
      okCount
      failedCount
      runningCount
      neverCount
      changedLast(first: $changed) {
        id
        sqlName
        description
        syncState {
          status
          lastChange
          rows
        }
      }
      oldest {
        id
        sqlName
        syncState {
          lastSync
        }
      }
      failing(first: $failing) {
        id
        sqlName
        syncState {
          error
        }
      }
    }
  }
`);

export const RequestsQuery = graphql(`
  query Requests($status: AccessRequestStatus, $first: Int!) {
    accessRequests(status: $status, first: $first) {
      edges {
        node {
          id
          tableId
          table {
            id
            sqlName
          }
          user {
            id
            email
          }
          reason
          status
          requestedAt
          decidedAt
          note
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);

export const LaptopsQuery = graphql(`
  query Laptops {
    viewer {
      id
      devices {
        id
      }
      tokens {
        id
        lastUsedAt
      }
    }
  }
`);

export type Freshness = NonNullable<ResultOf<typeof FreshnessQuery>['tableFreshness']>;
export type AccessRequest = NonNullable<ResultOf<typeof RequestsQuery>['accessRequests']>['edges'][number]['node'];
