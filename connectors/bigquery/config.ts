import { z } from 'zod';

/** Every variable that may hold credentials begins with this, or is `adcVariable`. */
export const environmentPrefix = 'BIGQUERY_';
/** Where the credentials lie that Google's own programs use; also in this variable, unless a source names another. */
export const adcVariable = 'GOOGLE_APPLICATION_CREDENTIALS';
/** What administrators may set in the program: the JSON key of a service account and nothing else, so that no value makes the server read a file. */
export const keyVariable = 'BIGQUERY_SERVICE_ACCOUNT';

/** 10 GiB. */
const defaultMaxBytesBilled = '10737418240';

const project = z.string().regex(/^(?:[a-z0-9][a-z0-9.-]{0,60}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, {
  error: 'must be the id of a Google Cloud project',
});
const variable = z.string().regex(/^BIGQUERY_[A-Z0-9_]{1,100}$/, {
  error: `must be the name of a variable that begins with ${environmentPrefix}`,
});
const dataset = z.string().regex(/^[A-Za-z0-9_]{1,1024}$/, { error: 'must be letters, digits and underscores' });
const tableName = z
  .string()
  .max(1024)
  .regex(/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]+$/u, {
    error: 'must be letters, digits, underscores, dashes and spaces',
  });
const allowedDataset = z
  .string()
  .regex(/^(?:[a-z0-9.:-]{1,100}\.)?[A-Za-z0-9_]{1,1024}$/, { error: 'must be `dataset` or `project.dataset`' });
const email = z
  .string()
  .regex(/^[a-z0-9.-]{1,64}@[a-z0-9.-]{1,190}$/, { error: 'must be the e-mail address of a service account' });

/** A source: the tables of one project, and who pays for reading them. */
export const sourceConfig = z.strictObject({
  project: project.describe('The project whose datasets are read.'),
  billingProject: project
    .optional()
    .describe('The project that jobs run in and that pays for them; `project` unless given.'),
  location: z
    .string()
    .regex(/^[A-Za-z0-9-]{2,40}$/, { error: 'must be a location such as EU or europe-west3' })
    .optional()
    .describe('Where jobs run, such as `EU`; left out, BigQuery takes the location of the datasets.'),
  credentials: z
    .union([
      z.literal('adc'),
      z.strictObject({ serviceAccountEnv: variable }),
      z.strictObject({ impersonate: email, sourceEnv: variable.optional() }),
    ])
    .default('adc')
    .describe('Who asks: `"adc"`, `{ "serviceAccountEnv": … }` or `{ "impersonate": …, "sourceEnv": … }`.'),
  datasets: z
    .array(allowedDataset)
    .min(1)
    .max(1000)
    .optional()
    .describe('Only these are offered, and may be read by statements; left out: all that the account may read.'),
  maxBytesBilled: z
    .string()
    .regex(/^[1-9][0-9]{0,17}$/, { error: 'must be a number of bytes in decimal digits, as text' })
    .default(defaultMaxBytesBilled)
    .describe('What one job may be charged for, in bytes.'),
  maxRows: z.int().min(1).optional().describe('How many rows one table may have; no limit unless given.'),
  timeoutSeconds: z.int().min(1).max(21_600).default(1800).describe('How long reading one table may take.'),
  apiEndpoint: z
    .url()
    .refine(isSafeEndpoint, { error: 'must be an https address without path, or http on loopback' })
    .optional()
    .describe('Where BigQuery is; `https://bigquery.googleapis.com` unless given.'),
});

/** A table: a relation of the project, or a statement whose result is kept. */
export const tableOptions = z.union([
  z.strictObject({
    dataset: dataset.describe('The dataset that the table or view stands in.'),
    table: tableName.describe('The name of the table or view.'),
  }),
  z.strictObject({
    statement: z.string().trim().min(1).max(900_000).describe('A SELECT in GoogleSQL; its result is the table.'),
  }),
]);

export type BigQuerySource = z.infer<typeof sourceConfig>;
export type BigQueryOptions = z.infer<typeof tableOptions>;

/** Whether this address is one of this machine. */
export function isLoopback(url: URL): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}

function isSafeEndpoint(text: string): boolean {
  const url = new URL(text);
  const isBare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return isBare && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));
}
