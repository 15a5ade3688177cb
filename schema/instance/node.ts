import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { loadNode } from '../nodes.ts';

const mostAtOnce = 100;

const Node = builder.nodeInterfaceRef();

builder.queryField('node', (t) =>
  t.field({
    type: Node,
    nullable: true,
    description:
      'What this global id stands for; null when there is no such thing, or none that the viewer may load. Who may is what the query of its own type says.',
    authScopes: { signedIn: true },
    args: { id: t.arg.id({ required: true, description: 'A global id of whatever type.' }) },
    resolve: (_root, { id }, context, { schema }) => loadNode(schema, id, context),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: t.listRef(Node, { nullable: true }),
    nullable: true,
    description:
      'What each of these global ids stands for, in their order; null at the place of each that `node` answers null for.',
    authScopes: { signedIn: true },
    args: { ids: t.arg.idList({ required: true, description: 'Global ids of whatever types, at most 100.' }) },
    resolve: (_root, { ids }, context, { schema }) => {
      if (ids.length > mostAtOnce) {
        throw new InvalidInputError([{ path: 'ids', message: `Ask for at most ${mostAtOnce} at once.` }]);
      }
      return Promise.all(ids.map((id) => loadNode(schema, id, context)));
    },
  }),
);
