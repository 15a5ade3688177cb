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
  const imports = names.map((name) => `import { connector as ${camelCase(name)} } from './${name}/connector.ts';\n`);
  const list = names.map((name) => `  ${camelCase(name)},\n`).join('');
  return {
    path: 'connectors/index.generated.ts',
    content: `${notice}import type { Connector } from './contract.ts';\n${imports.join('')}\nexport const connectors: readonly Connector[] = [\n${list}];\n`,
  };
}

function commandList(root: string): { path: string; content: string } {
  return moduleList('src/cli/commands/index.generated.ts', {
    files: sourcesIn(join(root, 'src/cli/commands'), '.ts'),
    exportName: 'commands',
    type: { name: 'Command', from: '../command.ts' },
  });
}

function pageList(root: string): { path: string; content: string } {
  return moduleList('web/pages/index.generated.ts', {
    files: sourcesIn(join(root, 'web/pages'), '.tsx'),
    exportName: 'pages',
    type: { name: 'Page', from: '../frame/page.ts' },
  });
}

function sourcesIn(folder: string, extension: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension) && !file.includes('.generated.') && !file.includes('.test.'))
    .toSorted();
}

function moduleList(
  path: string,
  given: { files: string[]; exportName: string; type: { name: string; from: string } },
): { path: string; content: string } {
  const { type, exportName } = given;
  const modules = given.files.map((file) => ({ name: camelCase(file.replace(/\.tsx?$/, '')), file }));
  const imports = modules.map(({ name, file }) => `import * as ${name} from './${file}';\n`).join('');
  const names = modules.map(({ name }) => `  ${name},\n`).join('');
  const head = `${notice}import type { ${type.name} } from '${type.from}';\n${imports}`;
  return { path, content: `${head}\nexport const ${exportName} = [\n${names}] satisfies readonly ${type.name}[];\n` };
}

function camelCase(name: string): string {
  return name.replaceAll(/[-.](\w)/g, (_match, letter: string) => letter.toUpperCase());
}
