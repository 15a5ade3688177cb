import pg from 'pg';
import { narrowInteger } from '../integers.ts';

const int8 = 20;
const numeric = 1700;

/** Values as from DuckDB: whole numbers `number` while exact, else `bigint`; other numerics `number`; instants `Date`. */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === int8 || oid === numeric) return readNumber;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as typeof pg.types.getTypeParser,
};

function readNumber(text: string): number | bigint {
  return /^-?\d+$/.test(text) ? narrowInteger(BigInt(text)) : Number(text);
}
