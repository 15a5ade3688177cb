import { graphql, type ResultOf } from '../connection/graphql.ts';

export const SetupNeeded = graphql(`
  query SetupNeeded {
    instance {
      name
      version
      setupNeeded
    }
  }
`);

export const SetupState = graphql(`
  query SetupState {
    instance {
      name
      setup {
        complete
        steps {
          step
          done
          todo
        }
      }
      configuration {
        nameFixedBy
        allowedDomains
        allowedDomainsFixedBy
        providersFixedBy
        providers {
          id
        }
      }
      secrets {
        name
        isSet
        fixedByEnvironment
      }
    }
    connectors {
      kind
      configSchema
      secrets
    }
    sources {
      name
      connector
    }
  }
`);

export const CompleteSetup = graphql(`
  mutation CompleteSetup($input: CompleteSetupInput!) {
    completeSetup(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on CompleteSetupPayload {
        email
      }
    }
  }
`);

export const CreateToken = graphql(`
  mutation CreateSetupToken($input: CreateTokenInput!) {
    createToken(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on CreateTokenPayload {
        secret
      }
    }
  }
`);

export const ConfigureInstance = graphql(`
  mutation ConfigureInstance($input: ConfigureInstanceInput!) {
    configureInstance(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on ConfigureInstancePayload {
        instance {
          name
        }
      }
    }
  }
`);

export const SetSecret = graphql(`
  mutation SetSecret($input: SetSecretInput!) {
    setSecret(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on SetSecretPayload {
        secret {
          name
        }
      }
    }
  }
`);

export type SetupState = ResultOf<typeof SetupState>;
