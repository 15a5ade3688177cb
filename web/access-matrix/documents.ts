import { graphql, type ResultOf } from '../graphql.ts';

export const MatrixQuery = graphql(`
  query Matrix {
    accessMatrix {
      field
      description
      rule
      roles
      permitted
    }
  }
`);

export type MatrixRule = NonNullable<ResultOf<typeof MatrixQuery>['accessMatrix']>[number];
