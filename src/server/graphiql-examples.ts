/** Operations to begin with, one for each further tab of GraphiQL; its button lets one choose among those of a tab. */
export const graphiqlExamples: readonly string[] = [
  `# For administrators: who is here, with which roles, and what the last runs did.
query Users {
  users(first: 10) {
    edges { node { email active lastSeenAt effectiveRoles { role { key } } } }
  }
}

query Roles {
  roles { key displayName implies { key } grantCount mappingCount }
}

query SyncRuns {
  syncRuns(first: 10) {
    edges {
      node {
        id state requestedBy startedAt finishedAt error
        source { name }
        tables { state error table { sqlName } }
      }
    }
  }
}

query WhoReads {
  tables(first: 10) {
    edges {
      node {
        sqlName isPublic
        readers(first: 10) { totalCount edges { node { user { email } reasons { effect kind } } } }
      }
    }
  }
}

query Audit {
  auditEvents(first: 20) {
    edges { node { at actor action resource details } }
  }
}
`,
  `# Run it, then start a sync: what happens comes in as it happens.
subscription WatchSyncs {
  syncEvents {
    __typename
    at
    source
    ... on SyncTableEvent { table { sqlName } }
    ... on SyncTableFailed { message }
    ... on SyncFinished { state }
  }
}

# For administrators: who asks to read a table, as it is asked.
subscription WatchRequests {
  notifications {
    at
    ... on AccessRequestMade { request { user { email } table { sqlName } reason } }
  }
}
`,
];
