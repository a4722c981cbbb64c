/** Cuts a list into pieces of at most so many items; at least one piece, which may be empty. */
export function inPieces<Item>(items: readonly Item[], most: number): (readonly Item[])[] {
  const count = Math.max(1, Math.ceil(items.length / most));
  return Array.from({ length: count }, (_, index) => items.slice(index * most, (index + 1) * most));
}
