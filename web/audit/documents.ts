import { graphql, type ResultOf } from '../graphql.ts';

export const AuditEventsQuery = graphql(`
  query AuditEvents(
    $first: Int!
    $after: String
    $actor: String
    $actionPrefix: String
    $resource: String
    $since: DateTime
    $until: DateTime
  ) {
    auditEvents(
      first: $first
      after: $after
      actor: $actor
      actionPrefix: $actionPrefix
      resource: $resource
      since: $since
      until: $until
    ) {
      edges {
        node {
          id
          at
          actor
          credential
          action
          resource
          details
          requestId
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type AuditPage = NonNullable<ResultOf<typeof AuditEventsQuery>['auditEvents']>;
export type AuditEvent = AuditPage['edges'][number]['node'];
