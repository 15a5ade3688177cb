import {
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLString,
  DirectiveLocation,
  specifiedDirectives,
  type GraphQLSchema,
} from 'graphql';
import { builder } from './builder.ts';
import './index.generated.ts';

const requires = new GraphQLDirective({
  name: 'requires',
  description: 'The rule of a root field: a role whose holders may, or who else may.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    role: { type: GraphQLString, description: 'The role that is needed; a role that implies it will do.' },
    signedIn: { type: GraphQLBoolean, description: 'Everybody who is signed in may.' },
    interactive: { type: GraphQLBoolean, description: 'Everybody who is signed in at a browser may; a token may not.' },
    public: { type: GraphQLBoolean, description: 'Everybody may.' },
  },
});

builder.queryType({ description: 'What can be asked.' });
builder.mutationType({ description: 'What can be changed; each change writes one audit event.' });
builder.subscriptionType({ description: 'What can be listened to.' });

/** The executable schema; building it throws when a root field has no rule. */
export const schema: GraphQLSchema = builder.toSchema({ directives: [...specifiedDirectives, requires] });
