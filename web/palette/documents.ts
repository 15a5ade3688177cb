import { graphql } from '../graphql.ts';

export const PaletteTablesQuery = graphql(`
  query PaletteTables($search: String!, $first: Int!) {
    tables(first: $first, search: $search) {
      edges {
        node {
          id
          sqlName
          description
        }
      }
    }
  }
`);

export const PaletteUsersQuery = graphql(`
  query PaletteUsers($search: String!, $first: Int!) {
    users(first: $first, search: $search) {
      edges {
        node {
          id
          email
          name
        }
      }
    }
  }
`);

export const PaletteMetricsQuery = graphql(`
  query PaletteMetrics($search: String!, $first: Int!) {
    metrics(first: $first, search: $search) {
      edges {
        node {
          id
          displayName
          category
          name
        }
      }
    }
  }
`);
