import { describe, expect, test } from 'vitest';
import { isNamed, quoteWhereNeeded } from './complete-names.ts';
import { readStatementSearch, searchFor, statementAskedFor } from './statement-in-address.ts';
import { keptStatements, longestKept, parseHistory, withStatement } from './statement-history.ts';

const at = '2026-01-31T09:00:00.000Z';

describe('the history of statements', () => {
  test('has the last in front, each once, and no more than it may', () => {
    let past = Array.from({ length: keptStatements }, (_, index) => ({ statement: `SELECT ${index}`, at }));
    past = withStatement(past, { statement: 'SELECT 7', at: '2026-02-01T00:00:00.000Z' });
    expect(past).toHaveLength(keptStatements);
    expect(past[0]).toEqual({ statement: 'SELECT 7', at: '2026-02-01T00:00:00.000Z' });
    expect(past.filter(({ statement }) => statement === 'SELECT 7')).toHaveLength(1);
    past = withStatement(past, { statement: 'SELECT new', at });
    expect(past).toHaveLength(keptStatements);
    expect(past.at(-1)?.statement).toBe(`SELECT ${keptStatements - 2}`);
  });

  test('keeps neither nothing nor what is too long', () => {
    for (const statement of ['', ' \n', 'x'.repeat(longestKept + 1)])
      expect(withStatement([], { statement, at })).toEqual([]);
  });

  test('is empty where something else was written, and leaves out what is no statement', () => {
    for (const text of [null, '', '{', 'null', '7', '{"statement":"x"}']) expect(parseHistory(text)).toEqual([]);
    const mixed = [{ statement: 'SELECT 1', at }, { statement: 1, at }, { statement: 'SELECT 2', at: 'once' }, null];
    expect(parseHistory(JSON.stringify(mixed))).toEqual([{ statement: 'SELECT 1', at }]);
    expect(parseHistory(JSON.stringify(Array(200).fill(mixed[0])))).toHaveLength(keptStatements);
  });
});

describe('the address', () => {
  test('asks for a statement, else for a table, else for nothing', () => {
    expect(statementAskedFor(readStatementSearch({ statement: 'SELECT 1', table: 'a.b' }))).toBe('SELECT 1');
    expect(statementAskedFor(readStatementSearch({ table: 'a.b' }))).toBe('SELECT *\nFROM a.b\nLIMIT 100');
    expect(statementAskedFor(readStatementSearch({ statement: '', table: 7 }))).toBeNull();
  });

  test('takes a statement that is short', () => {
    expect(searchFor('SELECT 1')).toEqual({ statement: 'SELECT 1' });
    for (const none of [null, ' ', 'x'.repeat(2001)]) expect(searchFor(none)).toEqual({});
  });
});

describe('completion', () => {
  test('knows the tables that a statement names, whole and in any case', () => {
    const table = { sqlName: 'shop.orders', alias: 'sold' };
    expect(isNamed(table, 'from shop.orders o')).toBe(true);
    expect(isNamed(table, 'from (sold)')).toBe(true);
    expect(isNamed(table, 'from shop.orders_again, unsold, x.sold')).toBe(false);
  });

  test('quotes a name that cannot stand bare', () => {
    expect(['id', 'Über', 'two words', 'a"b', '1st'].map(quoteWhereNeeded)).toEqual([
      'id',
      '"Über"',
      '"two words"',
      '"a""b"',
      '"1st"',
    ]);
  });
});
