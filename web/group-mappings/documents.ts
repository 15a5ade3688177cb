import { graphql, type ResultOf } from '../graphql.ts';

export const GroupMappingsQuery = graphql(`
  query GroupMappings {
    knownGroups {
      id
      name
      memberCount
      mappings {
        id
        assignedBy
        assignedAt
        role {
          key
          displayName
        }
      }
    }
    roles {
      key
      displayName
    }
  }
`);

export const CreateGroupMappingMutation = graphql(`
  mutation CreateGroupMapping($input: CreateGroupMappingInput!) {
    createGroupMapping(input: $input) {
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

export const DeleteGroupMappingMutation = graphql(`
  mutation DeleteGroupMapping($input: DeleteGroupMappingInput!) {
    deleteGroupMapping(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

type GroupMappings = ResultOf<typeof GroupMappingsQuery>;
export type KnownGroup = NonNullable<GroupMappings['knownGroups']>[number];
export type GroupMapping = KnownGroup['mappings'][number];
export type MappableRole = NonNullable<GroupMappings['roles']>[number];
