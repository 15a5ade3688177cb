import { graphql, type ResultOf } from '../graphql.ts';

/** A role in effect, with every way by which somebody has it. */
export const EffectiveRoleParts = graphql(`
  fragment EffectiveRoleParts on EffectiveRole {
    role {
      key
      displayName
      description
    }
    via {
      grant {
        source
        grantedBy
        expiresAt
      }
      mapping {
        externalGroupId
        role {
          key
          displayName
        }
      }
      roles {
        key
        displayName
      }
    }
  }
`);

export const ReadableTablesParts = graphql(`
  fragment ReadableTablesParts on ReadableTableConnection {
    edges {
      node {
        table {
          id
          sqlName
          description
        }
        reasons {
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
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
`);

export const SessionParts = graphql(`
  fragment SessionParts on Session {
    id
    door
    device
    address
    createdAt
    lastUsedAt
    expiresAt
    current
  }
`);

export const DeviceParts = graphql(`
  fragment DeviceParts on Device {
    id
    name
    address
    createdAt
    lastUsedAt
    expiresAt
  }
`);

export const TokenParts = graphql(`
  fragment TokenParts on Token {
    id
    name
    prefix
    createdAt
    expiresAt
    revokedAt
    lastUsedAt
    lastUsedAddress
    readOnly
    tableIds
    roleKeys
  }
`);

export const EndSessionMutation = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const EndDeviceMutation = graphql(`
  mutation EndDevice($input: EndDeviceInput!) {
    endDevice(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const RevokeTokenMutation = graphql(`
  mutation RevokeToken($input: RevokeTokenInput!) {
    revokeToken(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export type EffectiveRole = ResultOf<typeof EffectiveRoleParts>;
export type RolePath = EffectiveRole['via'][number];
export type ReadableTables = ResultOf<typeof ReadableTablesParts>;
export type ReadableTable = ReadableTables['edges'][number]['node'];
export type Session = ResultOf<typeof SessionParts>;
export type Device = ResultOf<typeof DeviceParts>;
export type Token = ResultOf<typeof TokenParts>;
