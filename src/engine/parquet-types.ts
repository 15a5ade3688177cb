const unkept = /\b(U?HUGEINT|BIGNUM|UNION)\b/;

/**
 * The name of the type within this DuckDB type that Parquet cannot hold as it is: digits of whole numbers of more than 64 bits, or
 * which member a union has, would be lost. Null: there is none.
 */
export function typeUnkeptByParquet(type: string): string | null {
  const withoutNames = type.replaceAll(/"(?:[^"]|"")*"/g, '').replaceAll(/'(?:[^']|'')*'/g, '');
  return unkept.exec(withoutNames)?.[1] ?? null;
}
