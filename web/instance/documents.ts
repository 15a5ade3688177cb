import { graphql, type ResultOf } from '../graphql.ts';

const FailedRunParts = graphql(`
  fragment FailedRunParts on SyncRun {
    id
    state
    error
    queuedAt
    finishedAt
    source {
      name
    }
    tables {
      error
      table {
        sqlName
      }
    }
  }
`);

export const InstanceHealthQuery = graphql(
  `
    query InstanceHealth {
      instance {
        health {
          dataDirectory
          freeBytes
          diskBytes
          stateDatabase
          stateBytes
          queuedRuns
          runningRuns
          openExports
          waitingEvents
        }
      }
      failed: syncRuns(state: FAILED, first: 5) {
        edges {
          node {
            ...FailedRunParts
          }
        }
      }
      partial: syncRuns(state: PARTIAL, first: 5) {
        edges {
          node {
            ...FailedRunParts
          }
        }
      }
    }
  `,
  [FailedRunParts],
);

export const InstanceConfigurationQuery = graphql(`
  query InstanceSettings {
    instance {
      version
      developmentMode
      contact
      signInDoors {
        kind
        label
      }
      configuration {
        name
        nameFixedBy
        contactFixedBy
        allowedDomains
        allowedDomainsFixedBy
        providersFixedBy
        faults {
          key
          message
        }
        providers {
          id
          label
          issuer
          isOpen
          fixedBy
        }
      }
      secrets {
        name
        isSet
        fixedByEnvironment
        neededBy
      }
    }
  }
`);

export const SigningKeysQuery = graphql(`
  query SigningKeys {
    signingKeys {
      keyId
      createdAt
    }
  }
`);

export const RotateSigningKeyMutation = graphql(`
  mutation RotateSigningKey($input: RotateSigningKeyInput!) {
    rotateSigningKey(input: $input) {
      __typename
      ... on RotateSigningKeyPayload {
        signingKey {
          keyId
        }
        removedKeys {
          keyId
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export type Run = ResultOf<typeof FailedRunParts>;
export type InstanceHealth = NonNullable<NonNullable<ResultOf<typeof InstanceHealthQuery>['instance']>['health']>;
export type InstanceFacts = NonNullable<ResultOf<typeof InstanceConfigurationQuery>['instance']>;
export type InstanceConfiguration = NonNullable<InstanceFacts['configuration']>;
export type Secret = NonNullable<InstanceFacts['secrets']>[number];
