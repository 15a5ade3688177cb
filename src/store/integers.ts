/** A `number` while that is exact, else a `bigint`: counts and sums read alike from both databases. */
export function narrowInteger(value: bigint): number | bigint {
  const narrow = Number(value);
  return Number.isSafeInteger(narrow) ? narrow : value;
}
