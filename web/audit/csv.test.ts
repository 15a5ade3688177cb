import { describe, expect, test } from 'vitest';
import { csvCell, csvHeader, csvLine } from './csv.ts';

const event = {
  id: 'AuditEvent:1',
  at: '2026-01-31T09:30:00.000Z',
  actor: 'ada@example.com',
  credential: 'session',
  action: 'role.granted',
  resource: 'user:1',
  details: { note: 'a "quoted", long\nword', count: 2 },
  requestId: 'r',
};

describe('the audit as CSV', () => {
  test('has one line for each event, with the details as JSON in one cell', () => {
    expect(csvHeader).toBe('at,actor,credential,action,resource,details,requestId,id\r\n');
    expect(csvLine(event)).toBe(
      '"2026-01-31T09:30:00.000Z","ada@example.com","session","role.granted","user:1",' +
        '"{""note"":""a \\""quoted\\"", long\\nword"",""count"":2}","r","AuditEvent:1"\r\n',
    );
  });

  test.each(['=1+1', '+1', '-1', '@sum', ' =1', '\t=1', '\tx', '\r\n'])(
    'a cell that begins like a formula, such as %j, is text to a spreadsheet',
    (text) => {
      expect(csvCell(text)).toBe(`"'${text}"`);
    },
  );

  test('any other text stays as it is', () => {
    for (const text of ['', 'a=b', 'x-y', '2', "'quoted'"]) expect(csvCell(text)).toBe(`"${text}"`);
    expect(csvCell('a"b')).toBe('"a""b"');
  });
});
