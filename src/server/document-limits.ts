import type { ASTVisitor, FragmentDefinitionNode, SelectionSetNode, ValidationContext } from 'graphql';
import { codedError } from './coded-error.ts';

/** What one document may ask for. Fragments count wherever they are used; introspection has no depth. */
export const documentLimits = { tokens: 2_000, depth: 15, aliases: 30, rootFields: 20, directives: 50 } as const;

interface Size {
  depth: number;
  aliases: number;
  directives: number;
  rootFields: number;
}

type FindFragment = (name: string) => FragmentDefinitionNode | null | undefined;

const nothing: Size = { depth: 0, aliases: 0, directives: 0, rootFields: 0 };
const introspection = new Set(['__schema', '__type']);

/** Refuses operations beyond `documentLimits`, with `DEPTH_LIMIT`, `ALIAS_LIMIT`, `ROOT_FIELD_LIMIT`, `DIRECTIVE_LIMIT`. */
export function OperationSizeRule(context: ValidationContext): ASTVisitor {
  const fragments = new Map<string, Size>();
  return {
    OperationDefinition(operation) {
      const size = sizeOf(operation.selectionSet, (name) => context.getFragment(name), fragments);
      const directives = size.directives + (operation.directives?.length ?? 0);
      function refuseAbove(limit: number, found: number, { code, what }: { code: string; what: string }): void {
        if (found <= limit) return;
        context.reportError(codedError(code, `The operation has ${found} ${what}; ${limit} are allowed.`, operation));
      }
      refuseAbove(documentLimits.depth, size.depth, { code: 'DEPTH_LIMIT', what: 'levels of fields' });
      refuseAbove(documentLimits.aliases, size.aliases, { code: 'ALIAS_LIMIT', what: 'aliases' });
      refuseAbove(documentLimits.rootFields, size.rootFields, { code: 'ROOT_FIELD_LIMIT', what: 'root fields' });
      refuseAbove(documentLimits.directives, directives, { code: 'DIRECTIVE_LIMIT', what: 'directives' });
      return false;
    },
    FragmentDefinition: () => false,
  };
}

/** `known` remembers fragments; a fragment inside itself counts as nothing here and is refused by another rule. */
function sizeOf(selectionSet: SelectionSetNode, findFragment: FindFragment, known: Map<string, Size>): Size {
  const total = { ...nothing };
  for (const selection of selectionSet.selections) {
    total.directives += selection.directives?.length ?? 0;
    if (selection.kind === 'Field') {
      const inner = selection.selectionSet ? sizeOf(selection.selectionSet, findFragment, known) : nothing;
      const depth = introspection.has(selection.name.value) ? 1 : inner.depth + 1;
      total.depth = Math.max(total.depth, depth);
      total.aliases += inner.aliases + (selection.alias ? 1 : 0);
      total.directives += inner.directives;
      total.rootFields += 1;
      continue;
    }
    const inner =
      selection.kind === 'InlineFragment'
        ? sizeOf(selection.selectionSet, findFragment, known)
        : fragmentSize(selection.name.value, findFragment, known);
    total.depth = Math.max(total.depth, inner.depth);
    total.aliases += inner.aliases;
    total.directives += inner.directives;
    total.rootFields += inner.rootFields;
  }
  return total;
}

function fragmentSize(name: string, findFragment: FindFragment, known: Map<string, Size>): Size {
  const before = known.get(name);
  if (before) return before;
  known.set(name, nothing);
  const fragment = findFragment(name);
  const size = fragment ? sizeOf(fragment.selectionSet, findFragment, known) : nothing;
  known.set(name, size);
  return size;
}
