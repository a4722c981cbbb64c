import { Kind, type SelectionNode, type SelectionSetNode, type ValidationContext } from 'graphql';

/** How much a selection asks for, with each fragment counted where it is spread. */
export interface SelectionSize {
  /** Levels of fields. */
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
}

/** Sizes that are known already: fragments that spread each other twice double with every level. */
export type Sizes = Map<SelectionSetNode, SelectionSize>;

type Fragments = Pick<ValidationContext, 'getFragment'>;

const nothing: SelectionSize = { depth: 0, fields: 0, aliases: 0 };

/** Gives the size of a selection. A fragment that holds itself is another rule's to refuse. */
export function sizeOf(set: SelectionSetNode, context: Fragments, sizes: Sizes): SelectionSize {
  const known = sizes.get(set);
  if (known !== undefined) return known;

  sizes.set(set, nothing); // what a cycle comes back to
  const size = set.selections
    .map((selection) => sizeOfOne(selection, context, sizes))
    .reduce(
      (sum, one) => ({
        depth: Math.max(sum.depth, one.depth),
        fields: sum.fields + one.fields,
        aliases: sum.aliases + one.aliases,
      }),
      nothing,
    );
  sizes.set(set, size);
  return size;
}

function sizeOfOne(selection: SelectionNode, context: Fragments, sizes: Sizes): SelectionSize {
  if (selection.kind === Kind.FRAGMENT_SPREAD) {
    const fragment = context.getFragment(selection.name.value);
    return fragment ? sizeOf(fragment.selectionSet, context, sizes) : nothing;
  }
  if (selection.kind === Kind.INLINE_FRAGMENT)
    return sizeOf(selection.selectionSet, context, sizes);

  const below = selection.selectionSet ? sizeOf(selection.selectionSet, context, sizes) : nothing;
  return {
    depth: below.depth + 1,
    fields: below.fields + 1,
    aliases: below.aliases + (selection.alias === undefined ? 0 : 1),
  };
}
