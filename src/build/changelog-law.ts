import { git } from './listed-files.ts';

/** What clients, operators and users of the command line see and may come to rely on, by name. */
export interface PublicNames {
  /** Root fields of the schema. */
  readonly fields: readonly string[];
  /** Commands as they are typed, without the `da`. */
  readonly commands: readonly string[];
  /** Environment variables. */
  readonly keys: readonly string[];
  /** Kinds of connectors. */
  readonly connectors: readonly string[];
}

/** The folders whose change somebody may notice from outside. */
const shipped = /^(?!.*\.test\.tsx?$)(src\/(?!build\/)|schema\/|connectors\/|web\/|migrations\/|deploy\/)/;

/** One sentence for each public name that stands in no code span of the changelog. */
export function findUntoldNames(changelog: string, names: PublicNames): string[] {
  const spans = [...changelog.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/^da /, ''));
  const words = new Set(spans.flatMap((span) => span.split(/[^\w-]+/)));
  return [
    ...names.fields.filter((field) => !words.has(field)).map((field) => `the root field ${field}`),
    ...names.commands
      .filter((command) => !spans.some((span) => `${span} `.startsWith(`${command} `)))
      .map((command) => `the command da ${command}`),
    ...names.keys.filter((key) => !words.has(key)).map((key) => `the configuration key ${key}`),
    ...names.connectors.filter((kind) => !words.has(kind)).map((kind) => `the connector ${kind}`),
  ].map((what) => `CHANGELOG.md says nothing of ${what}`);
}

/**
 * What is wrong when the work on this branch changed what ships and left the changelog as it was; nothing on `main`
 * itself, or where there is no history to compare with. A branch whose change nobody can notice says so by a commit with
 * the trailer `Changelog: none`.
 */
export function findSilentChange(root: string): string[] {
  const base = branchPoint(root);
  if (base === null) return [];
  const changed = git(root, ['diff', '--name-only', base]).split('\n');
  if (changed.includes('CHANGELOG.md') || !changed.some((file) => shipped.test(file))) return [];
  if (/^Changelog: none$/m.test(git(root, ['log', '--format=%B', `${base}..HEAD`]))) return [];
  return [
    'this branch changes what ships and adds no line to CHANGELOG.md (a commit trailer "Changelog: none" says that nobody can notice)',
  ];
}

function branchPoint(root: string): string | null {
  for (const main of ['origin/main', 'main']) {
    try {
      const base = git(root, ['merge-base', 'HEAD', main]).trim();
      return base === git(root, ['rev-parse', 'HEAD']).trim() && isMain(root) ? null : base;
    } catch {
      // There may be no such branch, or no history at all.
    }
  }
  return null;
}

function isMain(root: string): boolean {
  return ['main', 'HEAD'].includes(git(root, ['rev-parse', '--abbrev-ref', 'HEAD']).trim());
}
