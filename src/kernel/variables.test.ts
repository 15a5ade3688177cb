import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Variables } from './variables.ts';

const folder = mkdtempSync(join(tmpdir(), 'agnes-variables-'));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;

function open(text: string, environment: Record<string, string> = {}) {
  const file = join(folder, `${(made += 1)}`);
  writeFileSync(file, text);
  const given = { environment, file, reserved: new Set(['LOCAL_DEV_MODE']) };
  return { variables: new Variables(given), file, again: () => new Variables(given) };
}

function keep(variables: Variables, values: Record<string, string | null>): void {
  variables.prepare('this change', values);
  variables.decide('this change');
}

describe('variables', () => {
  test('come from the lines that the predecessor wrote, and from the environment before them', () => {
    const { variables } = open(
      '# a comment\nKEBOOLA_STORAGE_TOKEN=1-2-abc==\nKEBOOLA_STACK_URL = "https://x.example.com"\r\nA=one\nA=two\nnonsense\n',
      { KEBOOLA_STACK_URL: 'https://wins.example.com', A: '' },
    );
    expect(['KEBOOLA_STORAGE_TOKEN', 'KEBOOLA_STACK_URL', 'A', 'nonsense'].map((name) => variables.read(name))).toEqual(
      ['1-2-abc==', 'https://wins.example.com', 'two', undefined],
    );
    expect([variables.isFixed('KEBOOLA_STACK_URL'), variables.isFixed('A')]).toEqual([true, false]);
  });

  test('reserved names are never taken from the file nor written into it', () => {
    const { variables, file } = open('LOCAL_DEV_MODE=1\n');
    expect(variables.read('LOCAL_DEV_MODE')).toBeUndefined();
    expect(() => keep(variables, { LOCAL_DEV_MODE: '1' })).toThrow();
    expect(() => keep(variables, { A: 'x\nLOCAL_DEV_MODE=1' })).toThrow();
    expect(readFileSync(file, 'utf8')).toBe('LOCAL_DEV_MODE=1\n');
  });

  test.each(['plain', ' spaces ', `it's`, `'quoted'`, `"both'`, '# no comment', 'a=b', '$HOME \\ `x`', 'ž–€'])(
    'the value %j is the same after a restart, and other lines stay',
    (value) => {
      const { variables, again, file } = open('# mine\nOTHER=1\nexport A=old\n\n');
      keep(variables, { A: value });
      expect([variables.read('A'), again().read('A'), again().read('OTHER')]).toEqual([value, value, '1']);
      expect(readFileSync(file, 'utf8')).toMatch(/^# mine\nOTHER=1\nA=.*\n$/);
    },
  );

  test('what is taken out is gone from the file and from memory, and other lines stay', () => {
    const { variables, again, file } = open('# mine\nexport A=1\nB=2\nA=3\n', { B: 'of the environment' });
    keep(variables, { A: null });
    expect([variables.read('A'), again().read('A'), again().readKept('B')]).toEqual([undefined, undefined, '2']);
    expect(readFileSync(file, 'utf8')).toBe('# mine\nB=2\n');
  });

  test('what was prepared and not decided counts neither now nor after a restart; what was decided is ended by the next start', async () => {
    const { variables, again, file } = open('A=old\n');
    variables.prepare('one', { A: 'new' });
    variables.decide('another');
    expect([variables.read('A'), again().read('A')]).toEqual(['old', 'old']);
    const undecided = again();
    await undecided.settle(async () => false);
    expect([undecided.read('A'), again().read('A')]).toEqual(['old', 'old']);
    variables.prepare('two', { A: 'new' });
    const halfWritten = join(folder, `.${randomUUID()}.draft`);
    writeFileSync(halfWritten, 'A=half');
    const decided = again();
    await decided.settle(async (id) => id === 'two');
    expect([decided.read('A'), again().read('A')]).toEqual(['new', 'new']);
    expect([existsSync(halfWritten), existsSync(`${file}.next`)]).toEqual([false, false]);
  });
});
