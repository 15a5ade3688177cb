import { graphql } from '../graphql.ts';
import { DeviceParts, EffectiveRoleParts, ReadableTablesParts, SessionParts, TokenParts } from '../person/documents.ts';

export const AccountQuery = graphql(`
  query Account {
    viewer {
      id
      email
      name
      hasPassword
      createdAt
      coreRole {
        key
        displayName
      }
    }
  }
`);

export const OwnRolesQuery = graphql(
  `
    query OwnRoles {
      viewer {
        id
        effectiveRoles {
          ...EffectiveRoleParts
        }
        externalGroups {
          id
          name
        }
      }
    }
  `,
  [EffectiveRoleParts],
);

export const OwnTablesQuery = graphql(
  `
    query OwnTables($first: Int!, $after: String) {
      viewer {
        id
        tableAccess(first: $first, after: $after) {
          ...ReadableTablesParts
        }
      }
    }
  `,
  [ReadableTablesParts],
);

export const OwnSessionsQuery = graphql(
  `
    query OwnSessions {
      viewer {
        id
        sessions {
          ...SessionParts
        }
      }
    }
  `,
  [SessionParts],
);

export const OwnDevicesQuery = graphql(
  `
    query OwnDevices {
      viewer {
        id
        devices {
          ...DeviceParts
        }
      }
    }
  `,
  [DeviceParts],
);

export const OwnTokensQuery = graphql(
  `
    query OwnTokens {
      viewer {
        id
        tokens {
          ...TokenParts
        }
        effectiveRoles {
          role {
            key
            displayName
          }
        }
      }
    }
  `,
  [TokenParts],
);

export const TablesToNarrowQuery = graphql(`
  query TablesToNarrow($search: String!) {
    tables(first: 20, search: $search) {
      edges {
        node {
          id
          sqlName
        }
      }
    }
  }
`);

export const CreateTokenMutation = graphql(`
  mutation CreateToken($input: CreateTokenInput!) {
    createToken(input: $input) {
      __typename
      ... on CreateTokenPayload {
        secret
        token {
          id
          name
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

export const SetUpAgentMutation = graphql(`
  mutation SetUpAgent {
    setUpAgent {
      __typename
      ... on SetUpAgentPayload {
        text
      }
      ... on Error {
        message
      }
    }
  }
`);

export const ChangePasswordMutation = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      __typename
      ... on ChangePasswordPayload {
        sessionsEnded
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

export const SignOutEverywhereMutation = graphql(`
  mutation SignOutEverywhere($input: SignOutEverywhereInput!) {
    signOutEverywhere(input: $input) {
      __typename
      ... on SignOutEverywherePayload {
        sessionsEnded
      }
      ... on Error {
        message
      }
    }
  }
`);
