import { graphql, type ResultOf } from '../graphql.ts';

export const RolesQuery = graphql(`
  query Roles {
    roles {
      key
      displayName
      description
      ownerModule
      isChangeable
      grantCount
      mappingCount
      implies {
        key
      }
      impliedBy {
        key
      }
    }
  }
`);

export const CreateRoleMutation = graphql(`
  mutation CreateRole($input: CreateRoleInput!) {
    createRole(input: $input) {
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

export const UpdateRoleMutation = graphql(`
  mutation UpdateRole($input: UpdateRoleInput!) {
    updateRole(input: $input) {
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

export const DeleteRoleMutation = graphql(`
  mutation DeleteRole($input: DeleteRoleInput!) {
    deleteRole(input: $input) {
      __typename
      ... on Error {
        message
      }
      ... on RoleInUseError {
        roleGrants
        groupMappings
        tableGrants
        impliedBy {
          key
          displayName
        }
      }
    }
  }
`);

export type Role = NonNullable<ResultOf<typeof RolesQuery>['roles']>[number];
export type DeleteRoleAnswer = ResultOf<typeof DeleteRoleMutation>['deleteRole'];
export type RoleUses = Extract<NonNullable<DeleteRoleAnswer>, { __typename: 'RoleInUseError' }>;
