import { graphql, type ResultOf } from '../graphql.ts';
import { EffectiveRoleParts, ReadableTablesParts } from '../person/documents.ts';

const TableGrantParts = graphql(`
  fragment TableGrantParts on TableGrant {
    id
    effect
    bucket
    grantedBy
    grantedAt
    startsAt
    expiresAt
    source {
      name
    }
    user {
      id
      email
      name
    }
    role {
      key
      displayName
    }
  }
`);

const ReasonParts = graphql(
  `
    fragment ReasonParts on AccessReason {
      effect
      kind
      expiresAt
      grant {
        ...TableGrantParts
      }
      role {
        ...EffectiveRoleParts
      }
    }
  `,
  [TableGrantParts, EffectiveRoleParts],
);

export const TableChoicesQuery = graphql(`
  query TableChoices($search: String, $first: Int!) {
    tables(first: $first, search: $search) {
      edges {
        node {
          id
          sqlName
          description
        }
      }
    }
  }
`);

export const UserChoicesQuery = graphql(`
  query UserChoices($search: String, $first: Int!) {
    users(first: $first, search: $search) {
      edges {
        node {
          id
          email
          name
        }
      }
    }
  }
`);

export const ChosenUserQuery = graphql(`
  query ChosenUser($id: ID!) {
    user(id: $id) {
      id
      email
    }
  }
`);

export const ChosenTableQuery = graphql(`
  query ChosenTable($id: ID!) {
    table(id: $id) {
      id
      sqlName
    }
  }
`);

export const TableAccessQuery = graphql(
  `
    query TableAccess($id: ID, $sqlName: String) {
      table(id: $id, sqlName: $sqlName) {
        id
        sqlName
        description
        source
        bucket
        isPublic
        tableGrants {
          ...TableGrantParts
        }
      }
      roles {
        key
        displayName
      }
    }
  `,
  [TableGrantParts],
);

export const TableReadersQuery = graphql(
  `
    query TableReaders($id: ID!, $first: Int!, $after: String) {
      table(id: $id) {
        id
        readers(first: $first, after: $after) {
          edges {
            node {
              user {
                id
                email
                name
              }
              reasons {
                ...ReasonParts
              }
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
          totalCount
        }
      }
    }
  `,
  [ReasonParts],
);

export const ExplainAccessQuery = graphql(
  `
    query ExplainAccess($tableId: ID!, $userId: ID!) {
      explainAccess(tableId: $tableId, userId: $userId) {
        allowed
        user {
          id
          email
          name
        }
        reasons {
          ...ReasonParts
        }
      }
    }
  `,
  [ReasonParts],
);

export const UserReadsQuery = graphql(
  `
    query UserReads($id: ID!, $first: Int!, $after: String) {
      user(id: $id) {
        id
        email
        name
        active
        tableAccess(first: $first, after: $after) {
          ...ReadableTablesParts
        }
      }
    }
  `,
  [ReadableTablesParts],
);

export const GrantTableAccessMutation = graphql(`
  mutation GrantTableAccess($input: GrantTableAccessInput!) {
    grantTableAccess(input: $input) {
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

export const RevokeTableAccessMutation = graphql(`
  mutation RevokeTableAccess($input: RevokeTableAccessInput!) {
    revokeTableAccess(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export type TableGrant = ResultOf<typeof TableGrantParts>;
export type Reason = ResultOf<typeof ReasonParts>;
export type AccessTable = NonNullable<ResultOf<typeof TableAccessQuery>['table']>;
export type GrantableRole = NonNullable<ResultOf<typeof TableAccessQuery>['roles']>[number];
