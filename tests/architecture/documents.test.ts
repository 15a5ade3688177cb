import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { buildSchema, parse, validate, type GraphQLSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/kernel/package-root.ts';

const pages = findPages();

describe('the documents', () => {
  test('link only to files and headings that are there', () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter((link) => !leadsSomewhere(page, link))
        .map((link) => `${page}: ${link}`),
    );
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(20);
    expect(broken).toEqual([]);
  });

  test('show only GraphQL that the published schema answers', () => {
    const schema = buildSchema(readFileSync(join(packageRoot, 'schema/schema.graphql'), 'utf8'));
    const examples = pages.flatMap((page) => blocksOf(page, 'graphql').map((text) => ({ page, text })));
    expect(examples.length).toBeGreaterThan(2);
    expect(examples.flatMap(({ page, text }) => faultsOf(schema, text).map((fault) => `${page}: ${fault}`))).toEqual(
      [],
    );
  });

  test('name only npm scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { scripts: object };
    const named = pages.flatMap((page) => [...read(page).matchAll(/\bnpm run ([a-z:]+)/g)].map(([, name]) => name));
    expect(named).toContain('demo');
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  test('explain each way to add something in under 40 lines', () => {
    const guides = pages.filter((page) => page.startsWith('docs/how-to/'));
    expect(guides.length).toBeGreaterThanOrEqual(10);
    const walk = 'docs/how-to/add-a-connector.md'; // holds a whole connector
    expect(guides.filter((page) => page !== walk && read(page).split('\n').length > 40)).toEqual([]);
  });

  test('name only files of the repository', () => {
    const missing = pages.flatMap((page) =>
      pathsIn(page)
        .filter((path) => !existsSync(join(packageRoot, path)))
        .map((path) => `${page}: ${path}`),
    );
    expect(missing).toEqual([]);
  });
});

function findPages(): string[] {
  const docs = readdirSync(join(packageRoot, 'docs'), { recursive: true, encoding: 'utf8' }).map(
    (file) => `docs/${file}`,
  );
  const top = readdirSync(packageRoot);
  return [...top, ...docs].filter((file) => file.endsWith('.md')).toSorted();
}

function read(page: string): string {
  return readFileSync(join(packageRoot, page), 'utf8');
}

function linksOf(page: string): string[] {
  const text = read(page).replaceAll(/```[^]*?```/g, '');
  const markdown = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const images = [...text.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, link = '']) => link);
  return [...markdown, ...images].filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(packageRoot, resolve(packageRoot, dirname(page), path));
  if (!existsSync(join(packageRoot, target))) return false;
  return anchor === undefined || headingsOf(target).includes(anchor);
}

function headingsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

function blocksOf(page: string, language: string): string[] {
  return [...read(page).matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text);
}

function faultsOf(schema: GraphQLSchema, text: string): string[] {
  try {
    return validate(schema, parse(text)).map(String);
  } catch (error) {
    return [String(error)];
  }
}

/** Paths in code spans that stand for one file: no placeholders, no patterns. */
function pathsIn(page: string): string[] {
  if (page === 'CHANGELOG.md') return [];
  return [...read(page).matchAll(/`((?:src|schema|connectors|web|migrations|tests|docs)\/[\w./-]+\.\w+)`/g)].map(
    ([, path = '']) => path,
  );
}
