import { z } from 'zod';

/** The tables that every Jira source offers. */
export const tableKinds = ['issues', 'comments', 'attachments', 'changelog', 'issuelinks', 'remote_links'] as const;
export type TableKind = (typeof tableKinds)[number];

/** What the value of a custom field is, and so which columns it makes. */
export const fieldKinds = [
  'text',
  'number',
  'integer',
  'boolean',
  'option',
  'options',
  'user',
  'users',
  'date',
  'timestamp',
  'adf',
  'json',
  'sla',
  'requestType',
  'requestStatus',
  'satisfaction',
] as const;
export type FieldKind = (typeof fieldKinds)[number];

const customField = z.strictObject({
  column: z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, {
    error: 'must be a lower-case letter, then letters, digits and underscores, at most 50',
  }),
  field: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/, { error: 'must be the id of a field, as Jira’s list of fields tells it' }),
  kind: z.enum(fieldKinds),
});
export type CustomField = z.infer<typeof customField>;

/** The address of a site without a path: https, or http on this machine. */
const siteUrl = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const message = faultOf(url);
  if (message === null) return `${url!.origin}${url!.pathname.replace(/\/+$/, '')}`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function faultOf(url: URL | null): string | null {
  if (!url) return 'must be an address such as https://jira.example.com';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) return 'must begin with https://';
  if (url.username || url.password) return 'must hold no name or password';
  return url.search || url.hash ? 'must hold nothing behind the path' : null;
}

/** Whether an address is one of this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

const variable = z
  .string()
  .regex(/^JIRA_[A-Z0-9_]{1,60}$/, { error: 'must be the name of a variable that begins with JIRA_' });
const email = z.email({ error: 'must be an e-mail address' });
const schedule = z.string().min(1).optional();

/** A source: one Jira Cloud site and the issues of it that are wanted. */
export const sourceConfig = z.strictObject({
  baseUrl: siteUrl.describe('Such as https://jira.example.com. Credentials go nowhere else.'),
  email: email.describe('The account whose API token is used.'),
  tokenEnv: variable.default('JIRA_API_TOKEN').describe('The variable that holds its API token.'),
  projects: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]*$/, { error: 'must be a project key such as SUPPORT' }))
    .min(1)
    .optional()
    .describe('Keys of the projects that are wanted; left out: all that the account sees.'),
  jql: z.string().min(1).optional().describe('A further condition in JQL, without ORDER BY.'),
  webhook: z
    .strictObject({ secretEnv: variable.default('JIRA_WEBHOOK_SECRET') })
    .optional()
    .describe('Takes webhooks; the variable holds their secret. Left out: none is taken.'),
  customFields: z
    .array(customField)
    .max(200)
    .default([])
    .refine((fields) => new Set(fields.map(({ column }) => column)).size === fields.length, {
      error: 'must name each column once',
    })
    .describe('Further columns of the table issues.'),
  sla: z
    .strictObject({ baseUrl: siteUrl, email, tokenEnv: variable.default('JIRA_SLA_API_TOKEN') })
    .optional()
    .describe('A second account that sees the fields of the kind sla.'),
  attachments: z
    .strictObject({ maximumBytes: z.number().int().min(1).max(1_000_000_000).default(50_000_000) })
    .optional()
    .describe('Keeps copies of attachments up to this size; left out: none.'),
  schedules: z
    .strictObject({ slaPoll: schedule, remoteLinks: schedule, consistencyCheck: schedule, deepCheck: schedule })
    .default({})
    .describe('When its tasks are due, as tables are: every 15m, daily 03:00, or five cron fields.'),
  checkedDays: z.number().int().min(1).max(3650).default(30).describe('How many days consistencyCheck looks back.'),
  parallelRequests: z.number().int().min(1).max(16).default(4).describe('How many requests run at once.'),
});

/** A table: which of the six. */
export const tableOptions = z.strictObject({ table: z.enum(tableKinds) });

export type JiraSource = z.infer<typeof sourceConfig>;
export type JiraTable = z.infer<typeof tableOptions>;
