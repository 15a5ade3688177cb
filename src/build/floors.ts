/** The domains of floor 3, left to right; each knows only those before it. A new domain is one word here. */
export const domains: readonly string[] = [
  'audit',
  'operation',
  'people',
  'access',
  'identity',
  'registry',
  'sharing',
  'sync',
  'query',
  'catalog',
  'distribution',
  'knowledge',
  'notify',
  'upgrade',
];

/** What the files of one room may not import. */
interface Law {
  files: string;
  /** Rooms of `src/` that are above, beside or to the right. */
  rooms: readonly string[];
  /** Regular expressions over the specifier, for what is not a room of `src/`. */
  others: readonly string[];
  /** The sentence that the checker shows. */
  message: string;
  /** Tests stand beside the code and may reach farther. */
  except?: readonly string[];
}

/** How a specifier begins that leaves its folder. */
const upwards = '^(\\.\\./)+';
const tests = ['**/*.test.ts', '**/*.test.tsx'];
const stateDatabase = '^(kysely|pg)($|/)';
const analyticalDatabase = '^@duckdb/';
const graphql = '^(graphql($|/|-)|@graphql-|@pothos/|gql\\.tada)';
const foreignStore = '^(\\.\\./)+(src/)?[^/.]+/(.*/)?[^/]+\\.store\\.ts$';
const connectorCode = '^(\\.\\./)+connectors/([^/]+/|index)';
const handMadeSchema = '^(\\.\\./)+schema/([^g]|g[^r])';

/** The floors of `docs/architecture.md` as overrides of oxlint, printed to `.oxlint-floors.json`. */
export function floorOverrides(): object[] {
  return [...lowFloors(), ...domains.map(domainLaw), ...highFloors()].flatMap(asOverrides);
}

function lowFloors(): Law[] {
  const nothing = { others: [folders('schema', 'connectors', 'web', 'tests'), graphql] };
  return [
    {
      ...nothing,
      files: 'src/kernel/**',
      rooms: allBut('kernel'),
      message: 'src/kernel (floor 1) imports nothing of ours.',
    },
    {
      ...nothing,
      files: 'src/store/**',
      rooms: allBut('kernel', 'store'),
      message: 'src/store (floor 2) imports only src/kernel.',
    },
    {
      files: 'src/engine/**',
      rooms: allBut('kernel', 'engine'),
      others: [...nothing.others, stateDatabase],
      message: 'src/engine (floor 2) imports only src/kernel, and no driver of the state database.',
    },
    {
      files: 'connectors/*/**',
      rooms: [],
      others: ['^(\\.\\./)+[^/.]+/'],
      message:
        'A connector imports only connectors/contract.ts, connectors/allowed-path.ts, its own folder and npm packages.',
      except: [...tests, '**/*.fixture.ts'],
    },
    {
      files: 'connectors/contract.ts',
      rooms: [],
      others: ['^\\.'],
      message: 'connectors/contract.ts imports nothing of ours.',
    },
  ];
}

function domainLaw(domain: string, position: number): Law {
  return {
    files: `src/${domain}/**`,
    rooms: allBut('kernel', 'store', 'engine', ...domains.slice(0, position + 1)),
    others: [folders('schema', 'web', 'tests'), connectorCode, foreignStore, graphql, analyticalDatabase, '^pg$'],
    message: `src/${domain} (floor 3) imports the domains to its left, floors below and connectors/contract.ts; no *.store.ts of others, no GraphQL, no driver.`,
  };
}

function highFloors(): Law[] {
  return [
    {
      files: 'schema/**',
      rooms: allBut('kernel', ...domains),
      others: [folders('connectors', 'web', 'tests'), foreignStore, stateDatabase, analyticalDatabase],
      message:
        'schema/ (floor 4) imports operations and nouns of the domains and src/kernel; no *.store.ts, no database.',
    },
    {
      files: 'src/jobs/**',
      rooms: allBut('kernel', 'jobs', ...domains),
      others: [folders('schema', 'connectors', 'web', 'tests'), foreignStore, stateDatabase, analyticalDatabase],
      message:
        'src/jobs (floor 4) imports operations and nouns of the domains and src/kernel; no *.store.ts, no database.',
    },
    {
      files: 'src/mcp/**',
      rooms: allBut('kernel', 'mcp'),
      others: [folders('connectors', 'web', 'tests'), handMadeSchema, stateDatabase, analyticalDatabase],
      message:
        'src/mcp (floor 4) imports src/kernel and the generated types of schema/, because the CLI carries it too.',
    },
    {
      files: 'src/server/**',
      rooms: ['demo', 'cli', 'build'],
      others: [folders('web', 'tests'), foreignStore],
      message: 'src/server (floor 5) imports floors below; no *.store.ts.',
    },
    {
      files: 'src/demo/**',
      rooms: ['cli', 'build'],
      others: [folders('web', 'tests'), foreignStore],
      message: 'src/demo (floor 5) imports src/server and floors below; no *.store.ts.',
    },
    {
      files: 'src/cli/**',
      rooms: allBut('kernel', 'engine', 'mcp', 'cli'),
      others: [folders('connectors', 'web', 'tests'), handMadeSchema],
      message: 'src/cli (floor 5) imports src/kernel, src/engine, src/mcp and the generated types of schema/.',
    },
    {
      files: 'src/build/**',
      rooms: ['server', 'demo', 'cli'],
      others: [folders('web', 'tests'), foreignStore],
      message: 'src/build (floor 5) reads the programs as files and imports only floors below.',
    },
    {
      files: 'web/**',
      rooms: [],
      others: [folders('src', 'connectors', 'tests', 'migrations'), handMadeSchema, '^node:'],
      message: 'web/ (floor 6) sees only the generated types of schema/ and runs in browsers.',
      except: [...tests, 'web/vite.config.ts'],
    },
  ];
}

function allBut(...allowed: string[]): string[] {
  const rooms = ['kernel', 'store', 'engine', ...domains, 'jobs', 'mcp', 'server', 'demo', 'cli', 'build'];
  return rooms.filter((room) => !allowed.includes(room));
}

function folders(...names: string[]): string {
  return `^(\\.\\./)+(${names.join('|')})/`;
}

/** Of rooms in `src/`, files in folders of the room have one step more to go before they leave it. */
function asOverrides(law: Law): object[] {
  const room = /^(src\/\w+)\/\*\*$/.exec(law.files)?.[1];
  if (room === undefined) return [asOverride(law, law.files)];
  const deeper = {
    ...law,
    others: law.others.map((regex) => regex.replace(upwards, '^(\\.\\./){2,}')),
  };
  return [asOverride(law, `${room}/*`), asOverride(deeper, `${room}/*/**`, '^(\\.\\./){2,}')];
}

function asOverride(law: Law, files: string, up = upwards): object {
  const { rooms, others, message, except = tests } = law;
  const regexes = [...(rooms.length > 0 ? [`${up}(src/)?(${rooms.join('|')})/`] : []), ...others];
  const patterns = regexes.map((regex) => ({ regex, message }));
  return {
    files: [files],
    excludeFiles: except,
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}
