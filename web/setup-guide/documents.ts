import { graphql, type ResultOf } from '../graphql.ts';

export const SetupQuery = graphql(`
  query Setup {
    instance {
      setup {
        complete
        steps {
          step
          done
          todo
        }
      }
    }
  }
`);

export const SetupGuideQuery = graphql(`
  query SetupGuide {
    instance {
      setup {
        complete
        steps {
          step
          done
          todo
        }
      }
      configuration {
        name
        nameFixedBy
        allowedDomains
        allowedDomainsFixedBy
        providersFixedBy
        providers {
          id
          label
          issuer
          clientId
          clientSecretEnv
          groupsClaim
          allowedDomains
          hasOwnDomains
          isOpen
          fixedBy
          redirectUri
        }
        faults {
          key
          message
        }
      }
      secrets {
        name
        isSet
        fixedByEnvironment
        neededBy
      }
    }
    connectors {
      kind
      configSchema
      secrets
    }
    sources {
      id
      name
      connector
      tables {
        id
        sqlName
        syncState {
          status
          lastSync
          rows
          sizeBytes
          error
        }
      }
    }
  }
`);

export const ConfigureInstanceMutation = graphql(`
  mutation ConfigureInstance($input: ConfigureInstanceInput!) {
    configureInstance(input: $input) {
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

export const SetSecretMutation = graphql(`
  mutation SetSecret($input: SetSecretInput!) {
    setSecret(input: $input) {
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

export const RemoveSecretMutation = graphql(`
  mutation RemoveSecret($input: RemoveSecretInput!) {
    removeSecret(input: $input) {
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

type Guide = ResultOf<typeof SetupGuideQuery>;
export type Configuration = NonNullable<NonNullable<Guide['instance']>['configuration']>;
export type Provider = Configuration['providers'][number];
export type Secrets = NonNullable<NonNullable<Guide['instance']>['secrets']>;
export type GuideSource = NonNullable<Guide['sources']>[number];
export type StepName = NonNullable<NonNullable<Guide['instance']>['setup']>['steps'][number]['step'];
