import { graphql, type ResultOf } from '../graphql.ts';
import { DeviceParts, EffectiveRoleParts, ReadableTablesParts, SessionParts, TokenParts } from '../person/documents.ts';

export const UsersQuery = graphql(`
  query Users($first: Int!, $after: String, $search: String, $sort: UserSort!) {
    users(first: $first, after: $after, search: $search, sort: $sort) {
      edges {
        node {
          id
          email
          name
          active
          createdAt
          lastSeenAt
          coreRole {
            key
            displayName
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

export const UserQuery = graphql(`
  query User($id: ID!) {
    user(id: $id) {
      id
      email
      name
      active
      hasPassword
      createdAt
      lastSeenAt
    }
  }
`);

export const UserRolesQuery = graphql(
  `
    query UserRoles($id: ID!) {
      user(id: $id) {
        id
        email
        active
        effectiveRoles {
          ...EffectiveRoleParts
        }
        externalGroups {
          id
          name
        }
        roleGrants {
          id
          source
          grantedBy
          grantedAt
          startsAt
          expiresAt
          role {
            key
            displayName
            isCore
          }
        }
      }
      roles {
        key
        displayName
        isCore
      }
    }
  `,
  [EffectiveRoleParts],
);

export const UserTablesQuery = graphql(
  `
    query UserTables($id: ID!, $first: Int!, $after: String) {
      user(id: $id) {
        id
        tableAccess(first: $first, after: $after) {
          ...ReadableTablesParts
        }
      }
    }
  `,
  [ReadableTablesParts],
);

export const UserCredentialsQuery = graphql(
  `
    query UserCredentials($id: ID!) {
      user(id: $id) {
        id
        sessions {
          ...SessionParts
        }
        devices {
          ...DeviceParts
        }
        tokens {
          ...TokenParts
        }
      }
    }
  `,
  [SessionParts, DeviceParts, TokenParts],
);

export const UserRemovalQuery = graphql(`
  query UserRemoval($id: ID!) {
    userRemoval(id: $id) {
      devices
      sessions
      tokens
      identities
      roleGrants
      externalGroups
      tableGrants
      accessRequests
      exports
    }
  }
`);

export const CreateUserMutation = graphql(`
  mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) {
      __typename
      ... on CreateUserPayload {
        user {
          id
          email
        }
        invitation {
          link
          expiresAt
          mailSent
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

export const InviteUserMutation = graphql(`
  mutation InviteUser($input: InviteUserInput!) {
    inviteUser(input: $input) {
      __typename
      ... on InviteUserPayload {
        invitation {
          link
          expiresAt
          mailSent
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export const SendPasswordResetMutation = graphql(`
  mutation SendPasswordReset($input: SendPasswordResetInput!) {
    sendPasswordReset(input: $input) {
      __typename
      ... on SendPasswordResetPayload {
        reset {
          link
          expiresAt
          mailSent
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export const UpdateUserMutation = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) {
      __typename
      ... on UpdateUserPayload {
        user {
          id
          email
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

export const SetCoreRoleMutation = graphql(`
  mutation SetCoreRole($input: SetCoreRoleInput!) {
    setCoreRole(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const GrantRoleMutation = graphql(`
  mutation GrantRole($input: GrantRoleInput!) {
    grantRole(input: $input) {
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

export const RevokeRoleMutation = graphql(`
  mutation RevokeRole($input: RevokeRoleInput!) {
    revokeRole(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const EndSessionsOfMutation = graphql(`
  mutation EndSessionsOf($input: EndSessionsOfInput!) {
    endSessionsOf(input: $input) {
      __typename
      ... on EndSessionsOfPayload {
        sessionsEnded
      }
      ... on Error {
        message
      }
    }
  }
`);

export const ActivateUserMutation = graphql(`
  mutation ActivateUser($input: ActivateUserInput!) {
    activateUser(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const DeactivateUserMutation = graphql(`
  mutation DeactivateUser($input: DeactivateUserInput!) {
    deactivateUser(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const DeleteUserMutation = graphql(`
  mutation DeleteUser($input: DeleteUserInput!) {
    deleteUser(input: $input) {
      __typename
      ... on DeleteUserPayload {
        email
      }
      ... on Error {
        message
      }
    }
  }
`);

export type UserSummary = NonNullable<ResultOf<typeof UsersQuery>['users']>['edges'][number]['node'];
export type UserAccount = NonNullable<ResultOf<typeof UserQuery>['user']>;
export type UserRoles = NonNullable<ResultOf<typeof UserRolesQuery>['user']>;
export type RoleGrant = UserRoles['roleGrants'][number];
export type GrantableRole = NonNullable<ResultOf<typeof UserRolesQuery>['roles']>[number];
export type RemovedWithUser = NonNullable<ResultOf<typeof UserRemovalQuery>['userRemoval']>;
/** A link for one person, told once. */
export interface GivenLink {
  link: string;
  expiresAt: string;
  mailSent: boolean;
}
