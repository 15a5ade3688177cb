/** A page in the shape of the Relay connection specification. */
export interface Page<Item> {
  readonly edges: readonly { readonly node: Item }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** All items of a list, page after page; `readPage` gets the cursor behind which to begin. */
export async function* allItems<Item>(
  readPage: (after: string | null) => Promise<Page<Item> | null>,
): AsyncGenerator<Item, void> {
  for (let after: string | null = null; ;) {
    const page: Page<Item> | null = await readPage(after);
    for (const { node } of page?.edges ?? []) yield node;
    if (!page?.pageInfo.hasNextPage) return;
    after = page.pageInfo.endCursor;
  }
}
