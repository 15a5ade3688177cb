import { graphql, type ResultOf } from '../graphql.ts';

export const SourceListQuery = graphql(`
  query SourceList {
    sources {
      id
      name
      connector
      tables {
        id
        syncState {
          status
        }
      }
      lastRun {
        id
        state
        queuedAt
        error
        counts {
          tables
          ended
          failed
        }
      }
      dueTimes(first: 1) {
        at
      }
    }
  }
`);

export const ConnectorsQuery = graphql(`
  query Connectors {
    connectors {
      kind
      configSchema
      secrets
    }
    instance {
      secrets {
        name
        isSet
        fixedByEnvironment
        neededBy
      }
    }
  }
`);

export const SourceQuery = graphql(`
  query SourceByName($name: String!) {
    source(name: $name) {
      id
      name
      connector
      config
      createdAt
      tables {
        id
        sqlName
        description
        isPublic
        schedule
        nextDueAt
        queryMode
        syncState {
          status
          rows
          error
        }
      }
      lastRun {
        id
        state
        requestedBy
        queuedAt
        error
        counts {
          tables
          ended
          failed
        }
      }
      dueTimes(first: 1) {
        at
        tableCount
        tasks
      }
    }
  }
`);

export const CheckSourceQuery = graphql(`
  query CheckSource($source: String!) {
    checkSource(source: $source) {
      ok
      fault
    }
  }
`);

export const CheckScheduleQuery = graphql(`
  query CheckSchedule($schedule: String!) {
    checkSchedule(schedule: $schedule, first: 3) {
      fault
      dueTimes
    }
  }
`);

export const CreateSourceMutation = graphql(`
  mutation CreateSource($input: CreateSourceInput!) {
    createSource(input: $input) {
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

export const UpdateSourceMutation = graphql(`
  mutation UpdateSource($input: UpdateSourceInput!) {
    updateSource(input: $input) {
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

export const SourceRemovalQuery = graphql(`
  query SourceRemoval($id: ID!) {
    sourceRemoval(id: $id) {
      tables
      tableGrants
      accessRequests
      files
      sizeBytes
    }
  }
`);

export const DeleteSourceMutation = graphql(`
  mutation DeleteSource($input: DeleteSourceInput!) {
    deleteSource(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const DiscoverTablesQuery = graphql(`
  query DiscoverTables($source: String!) {
    discoverTables(source: $source) {
      name
      description
      bucket
      primaryKey
      options
      registered {
        sqlName
      }
    }
  }
`);

export const RegisterTablesMutation = graphql(`
  mutation RegisterTables($input: RegisterTablesInput!) {
    registerTables(input: $input) {
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

export const RegisteredTableQuery = graphql(`
  query RegisteredTable($id: ID!) {
    table(id: $id) {
      id
      sqlName
      alias
      bucket
      description
      isPublic
      primaryKey
      schedule
      watermarkColumn
      queryMode
      options
      columns {
        name
      }
    }
  }
`);

export const UpdateTableMutation = graphql(`
  mutation UpdateTable($input: UpdateTableInput!) {
    updateTable(input: $input) {
      __typename
      ... on UpdateTablePayload {
        optionsChanged
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

export const TableRemovalQuery = graphql(`
  query TableRemoval($id: ID!) {
    tableRemoval(id: $id) {
      tables
      tableGrants
      accessRequests
      files
      sizeBytes
    }
  }
`);

export const UnregisterTableMutation = graphql(`
  mutation UnregisterTable($input: UnregisterTableInput!) {
    unregisterTable(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const SyncSourceMutation = graphql(`
  mutation SyncSource($input: StartSyncInput!) {
    startSync(input: $input) {
      __typename
      ... on StartSyncPayload {
        run {
          id
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

type Connectors = ResultOf<typeof ConnectorsQuery>;
export type Connector = NonNullable<Connectors['connectors']>[number];
export type SourceSummary = NonNullable<ResultOf<typeof SourceListQuery>['sources']>[number];
export type SourceDetails = NonNullable<ResultOf<typeof SourceQuery>['source']>;
export type RegisteredTable = SourceDetails['tables'][number];
export type TableSettings = NonNullable<ResultOf<typeof RegisteredTableQuery>['table']>;
export type Offer = NonNullable<ResultOf<typeof DiscoverTablesQuery>['discoverTables']>[number];
export type Removed = NonNullable<ResultOf<typeof TableRemovalQuery>['tableRemoval']>;
