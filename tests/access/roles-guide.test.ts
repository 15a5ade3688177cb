import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectRoles } from '../../src/access/collect-roles.ts';
import { expandRoles } from '../../src/access/role-graph.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { da } from '../cli/run-da.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { notesCurator } from './notes-role.ts';

const guide = readFileSync(join(packageRoot, 'docs/roles.md'), 'utf8');

function blocks(language: string): string[] {
  return [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text);
}

describe('docs/roles.md', () => {
  let server: TestServer;
  let env: Record<string, string>;

  beforeAll(async () => {
    server = await startTestServer();
    const { token } = await server.person('root', ['core.admin']);
    await server.person('ada', []);
    env = { DA_SERVER: server.url, DA_TOKEN: token };
  });

  afterAll(() => server.close());

  test('shows commands that do what it says, in this order', async () => {
    const lines = blocks('sh').flatMap((block) => block.trim().split('\n'));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      const [program, ...words] = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(
        ([, quoted, bare]) => quoted ?? bare ?? '',
      );
      expect(program).toBe('da');
      expect(await da(words, { env }), line).toMatchObject({ code: 0 });
    }
  });

  test('shows the module that these tests use, and its role stands where it says', () => {
    expect(blocks('ts')).toEqual([readFileSync(join(packageRoot, 'tests/access/notes-role.ts'), 'utf8')]);
    const graph = new Map(collectRoles([notesCurator]).map((role) => [role.key, role]));
    expect([...expandRoles(graph, ['core.km_admin'])]).toContain('notes.curator');
    expect([...expandRoles(graph, ['core.analyst'])]).not.toContain('notes.curator');
    expect([...expandRoles(graph, ['notes.curator'])].toSorted()).toEqual(['core.viewer', 'notes.curator']);
  });
});
