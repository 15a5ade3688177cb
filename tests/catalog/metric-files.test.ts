import { describe, expect, test } from 'vitest';
import { metricDefinition, metricGrains, metricTypes } from '../../src/catalog/metric-definition.ts';
import { InvalidMetricsError, type MetricFault } from '../../src/catalog/metric-fault.ts';
import type { MetricDefinition } from '../../src/catalog/metric.ts';
import { parseMetricFile } from '../../src/catalog/parse-metric-file.ts';
import { parseMetricFiles } from '../../src/catalog/parse-metric-files.ts';
import { metricFilePath, printMetric } from '../../src/catalog/print-metric.ts';
import { readStarterMetrics } from '../../src/demo/starter-metrics.ts';
import { randomFrom } from '../access-index/random.ts';

const path = 'revenue/mrr.yml';

async function definitionsIn(content: string): Promise<MetricDefinition[]> {
  return (await parseMetricFiles([{ path, content }])).map(({ definition }) => definition);
}

/** Each fault as `line:column message`. */
function faultsIn(content: string): string[] {
  return tell(parseMetricFile({ path, content }).faults);
}

function tell(faults: readonly MetricFault[]): string[] {
  return faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('a file', () => {
  test('says a definition in the keys of the predecessor; what it leaves out has its default', async () => {
    expect(await definitionsIn('name: mrr\nsql: SELECT 1\n')).toEqual([
      {
        category: 'revenue',
        name: 'mrr',
        displayName: 'mrr',
        type: 'sum',
        unit: null,
        description: null,
        expression: null,
        timeColumn: null,
        grain: 'monthly',
        table: null,
        tables: [],
        dimensions: [],
        filters: [],
        synonyms: [],
        notes: [],
        sql: 'SELECT 1',
        sqlVariants: [],
        validation: null,
      },
    ]);
  });

  test('may hold a list, table_name for table, and any number of variants', async () => {
    const content = `
- name: one
  category: own
  table_name: orders
  type: RATIO
  grain: Daily
  unit: ~
  sql: |
    SELECT 1
    FROM orders
  sql_by_plan: SELECT 2
  sql_by_channel: SELECT 3
  validation: { min: 0, checks: [not_null, 1.5, true, null] }
- name: two
  sql: SELECT 4
`;
    const [one, two] = await definitionsIn(content);
    expect(one).toMatchObject({
      category: 'own',
      table: 'orders',
      type: 'ratio',
      grain: 'daily',
      unit: null,
      sql: 'SELECT 1\nFROM orders\n',
      sqlVariants: [
        { name: 'by_channel', sql: 'SELECT 3' },
        { name: 'by_plan', sql: 'SELECT 2' },
      ],
      validation: { min: 0, checks: ['not_null', 1.5, true, null] },
    });
    expect(two).toMatchObject({ category: 'revenue', name: 'two' });
  });

  test('takes every type and grain that is documented', async () => {
    for (const type of metricTypes)
      expect((await definitionsIn(`{ name: a, sql: SELECT 1, type: ${type} }`))[0]!.type).toBe(type);
    for (const grain of metricGrains)
      expect((await definitionsIn(`{ name: a, sql: SELECT 1, grain: ${grain} }`))[0]!.grain).toBe(grain);
  });
});

describe('faults stand with line and column, all of them at once', () => {
  test('unknown keys with the nearest known one, wrong types, words outside their set', () => {
    const content = `name: mrr
displayname: MRR
type: total
grain: 4
tables: orders
synonyms: [a, 2]
sql: "  "
sql_by_x-y: SELECT 1
validation: [1]
zzz: 1
`;
    expect(faultsIn(content)).toEqual([
      '2:1 There is no key "displayname". Did you mean display_name?',
      expect.stringMatching(/^10:1 There is no key "zzz"\. Known are name, .*, validation and sql_by_…\.$/),
      `3:7 This must be one of ${metricTypes.join(', ')}.`,
      '4:8 This must be text.',
      '5:9 This must be a list of texts.',
      '6:15 This must be text; put it in quotes.',
      '7:6 Write the SELECT; it is blank.',
      '8:13 A variant is called by_ and letters, digits or _.',
      '9:13 This must be a mapping.',
    ]);
  });

  test('what is missing is told where its definition begins', () => {
    expect(faultsIn('- name: a\n  sql: SELECT 1\n- unit: USD\n')).toEqual([
      '3:3 name: This is required.',
      '3:3 sql: This is required.',
    ]);
    const { faults } = parseMetricFile({ path: 'mrr.yml', content: 'name: mrr\nsql: SELECT 1\n' });
    expect(tell(faults)).toEqual(['1:1 category: This is required.']);
  });

  test.each([
    ['an empty file', '', '1:1 The file holds no metric; write a mapping with name and sql.'],
    ['an empty list', '[]', '1:1 The file holds no metric; write a mapping with name and sql.'],
    ['a text', 'hello', '1:1 A metric is a mapping of keys such as name and sql.'],
    ['a key given twice', 'name: a\nsql: SELECT 1\nname: b\n', '3:1 The key "name" stands here twice; keep one.'],
    [
      'table and table_name',
      'name: a\nsql: SELECT 1\ntable: x\ntable_name: y\n',
      '4:1 table and table_name mean the same; keep one.',
    ],
    ['an alias', 'name: &a a\nsql: SELECT 1\nunit: *a\n', '3:7 Aliases are not supported; write the value out.'],
    ['a name that leads elsewhere', 'name: ../../etc\nsql: SELECT 1\n', expect.stringMatching(/^1:7 Use letters/)],
    [
      'a category that leads elsewhere',
      'name: a\ncategory: ..\nsql: SELECT 1\n',
      expect.stringMatching(/^2:11 Use letters/),
    ],
    [
      'infinity',
      'name: a\nsql: SELECT 1\nvalidation: { max: .inf }\n',
      expect.stringMatching(/^3:13 .*finite numbers/),
    ],
    ['a NUL character', 'name: a\nsql: "SELECT \\0"\n', expect.stringMatching(/^2:6 .*control characters/)],
    ['a tag', 'name: !!js/function a\nsql: SELECT 1\n', expect.stringMatching(/^1:7 Unresolved tag/)],
    ['two documents', 'name: a\nsql: SELECT 1\n---\nname: b\n', expect.stringMatching(/multiple documents/)],
    ['unclosed quotes', 'name: "a\nsql: SELECT 1\n', expect.stringMatching(/^\d:\d+ Missing closing/)],
  ])('%s', async (_case, content, fault) => {
    expect(faultsIn(content)).toEqual(expect.arrayContaining([fault]));
    await expect(definitionsIn(content)).rejects.toThrow(InvalidMetricsError);
  });

  test('every file is read though the first is broken, and an id defined twice names the first place', async () => {
    const good = 'name: mrr\nsql: SELECT 1\n';
    try {
      await parseMetricFiles([
        { path: 'a/broken.yml', content: 'name: [' },
        { path: 'revenue/one.yml', content: good },
        { path: 'revenue/two.yml', content: `# again\n${good}` },
        { path: 'b/blank.yml', content: 'name: b\n' },
      ]);
      expect.unreachable();
    } catch (error) {
      const { faults, message } = error as InvalidMetricsError;
      expect(new Set(faults.map(({ file }) => file))).toEqual(
        new Set(['a/broken.yml', 'revenue/two.yml', 'b/blank.yml']),
      );
      expect(message).toBe(`Nothing was imported: ${faults.length} faults in the files.`);
      expect(faults.find(({ file }) => file === 'revenue/two.yml')).toEqual({
        file: 'revenue/two.yml',
        line: 2,
        column: 7,
        metricId: 'revenue/mrr',
        message: 'The metric revenue/mrr is defined already in revenue/one.yml, line 1.',
      });
    }
  });

  test('bombs: a file too large, one nested too deeply, aliases of aliases', () => {
    expect(faultsIn(`name: a\nsql: SELECT 1 -- ${'x'.repeat(1_000_000)}\n`)).toEqual([
      '1:1 The file has more than 1,000,000 bytes; split it.',
    ]);
    for (const [bomb, fault] of [
      [`validation: ${'['.repeat(10_000)}`, 'The file is nested too deeply; write it flatter.'],
      ['- '.repeat(400_000), 'The file holds too many keys, values and comments; split it.'],
      [
        Array.from({ length: 50_000 }, (_, index) => `k${index}: 1\n`).join(''),
        'The file holds too many keys, values and comments; split it.',
      ],
      ['- name: a\n'.repeat(600), 'A file holds 500 metrics at most; split it.'],
    ] as const) {
      const faults = faultsIn(bomb);
      expect(faults[0]).toContain(fault);
      expect(faults.length).toBeLessThanOrEqual(100);
    }
    const laughs = [
      'a: &a [x, x]',
      ...Array.from('bcdefghij').map(
        (key, index) => `${key}: &${key} [*${'abcdefghij'[index]}, *${'abcdefghij'[index]}]`,
      ),
    ];
    expect(faultsIn(laughs.join('\n')).every((fault) => fault.includes('Aliases are not supported'))).toBe(true);
  });
});

describe('what is exported and imported again is the same', () => {
  test('the starter pack', async () => {
    for (const { definition } of await parseMetricFiles(await readStarterMetrics())) expectSame(definition);
  });

  test('300 definitions of awkward texts', () => {
    const { below, chance, pick } = randomFrom(7);
    const parts = [
      'a',
      ' ',
      '\n',
      '\n\n',
      ': ',
      '# ',
      "'",
      '"',
      '\\',
      '- ',
      '\t',
      '|',
      '>',
      '&a',
      '*a',
      '!t',
      '%',
      '@',
      '`',
    ];
    const words = [
      'yes',
      'null',
      '~',
      '1e3',
      '0x1f',
      '2026-01-01',
      '{',
      '[',
      ',',
      '?',
      '---',
      '...',
      'é',
      '漢',
      '😀',
      '\u2028',
    ];
    const text = () => Array.from({ length: 1 + below(8) }, () => pick([...parts, ...words])).join('');
    const texts = () => Array.from({ length: below(3) }, text);
    const maybe = () => (chance(0.3) ? null : text());
    const value = (depth = 0): unknown => {
      const kind = below(depth > 2 ? 4 : 6);
      if (kind === 4) return Array.from({ length: below(3) }, () => value(depth + 1));
      if (kind === 5) return { [text()]: value(depth + 1), __proto__x: value(depth + 1) };
      return [text(), below(1_000_000) / 100, chance(0.5), null][kind];
    };
    let refused = 0;
    for (let round = 0; round < 300; round += 1) {
      const variants = ['by_a', 'by_B_2'].filter(() => chance(0.5)).map((name) => ({ name, sql: `x${text()}` }));
      const given = {
        category: pick(['revenue', 'a.b', '1', 'null', 'yes']),
        name: pick(['mrr', 'on', '0123', 'x-y_z', '1e3', 'true']),
        displayName: maybe(),
        unit: maybe(),
        description: maybe(),
        expression: maybe(),
        timeColumn: maybe(),
        type: pick(metricTypes),
        grain: pick(metricGrains),
        table: maybe(),
        tables: texts(),
        dimensions: texts(),
        filters: texts(),
        synonyms: texts(),
        notes: texts(),
        sql: `x${text()}`,
        sqlVariants: variants,
        validation: chance(0.5) ? null : { [text()]: value() },
      };
      const parsed = metricDefinition.safeParse(given);
      if (parsed.success) expectSame(parsed.data);
      else refused += 1;
    }
    expect(refused).toBe(0);
  });

  function expectSame(definition: MetricDefinition): void {
    const content = printMetric(definition);
    const { definitions, faults } = parseMetricFile({ path: metricFilePath(definition), content });
    expect(faults, content).toEqual([]);
    const again = definitions[0]?.definition;
    expect(again, content).toEqual(definition);
    expect(printMetric(again!)).toBe(content);
  }
});
