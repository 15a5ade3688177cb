import { graphql, type ResultOf } from '../graphql.ts';

export const AccessRequestsQuery = graphql(`
  query AccessRequests($status: AccessRequestStatus, $first: Int!, $after: String) {
    accessRequests(status: $status, first: $first, after: $after) {
      edges {
        node {
          id
          reason
          status
          requestedAt
          decidedAt
          decidedBy
          note
          expiresAt
          user {
            id
            email
            name
          }
          table {
            id
            sqlName
            description
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const DecideAccessRequestMutation = graphql(`
  mutation DecideAccessRequest($input: DecideAccessRequestInput!) {
    decideAccessRequest(input: $input) {
      __typename
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

export type AccessRequest = NonNullable<
  ResultOf<typeof AccessRequestsQuery>['accessRequests']
>['edges'][number]['node'];
