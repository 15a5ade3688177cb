import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const notice = '// Printed by `npm run generate` from the files of this folder.\n';

/** The `index.generated.ts` of every folder that is a registry, with its content. */
export function folderLists(root: string): { path: string; content: string }[] {
  return [schemaList(root), connectorList(root), commandList(root), pageList(root)];
}

function schemaList(root: string): { path: string; content: string } {
  const folder = join(root, 'schema');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.includes('/') && file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .toSorted();
  const imports = ['scalars.ts', 'errors.ts', ...files].map((file) => `import './${file}';\n`);
  return { path: 'schema/index.generated.ts', content: notice + imports.join('') };
}

function connectorList(root: string): { path: string; content: string } {
  const names = readdirSync(join(root, 'connectors'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, 'connectors', entry.name, 'connector.ts')))
    .map((entry) => entry.name)
    .toSorted();
  return list('connectors/index.generated.ts', {
    imports: names.map((name) => ({ name: `${camelCase(name)}Connector`, from: `./${name}/connector.ts` })),
    exportName: 'connectors',
  });
}

function commandList(root: string): { path: string; content: string } {
  const files = sourcesIn(join(root, 'src/cli/commands'), '.ts');
  return list('src/cli/commands/index.generated.ts', {
    imports: files.map((file) => ({ name: camelCase(file.replace('.ts', '')), from: `./${file}` })),
    exportName: 'commands',
  });
}

function pageList(root: string): { path: string; content: string } {
  const files = sourcesIn(join(root, 'web/pages'), '.tsx');
  return list('web/pages/index.generated.ts', {
    imports: files.map((file) => ({ name: camelCase(file.replace('.tsx', '')), from: `./${file}` })),
    exportName: 'pages',
  });
}

function sourcesIn(folder: string, extension: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension) && !file.includes('.generated.') && !file.includes('.test.'))
    .toSorted();
}

function list(
  path: string,
  given: { imports: { name: string; from: string }[]; exportName: string },
): { path: string; content: string } {
  const imports = given.imports.map(({ name, from }) => `import { ${name} } from '${from}';\n`).join('');
  const names = given.imports.map(({ name }) => `  ${name},\n`).join('');
  return { path, content: `${notice}${imports}\nexport const ${given.exportName} = [\n${names}] as const;\n` };
}

function camelCase(name: string): string {
  return name.replaceAll(/[-.](\w)/g, (_match, letter: string) => letter.toUpperCase());
}
