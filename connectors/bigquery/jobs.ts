import { randomUUID } from 'node:crypto';
import type { Client } from './client.ts';
import { BigQueryFailure, jobFailure, type GoogleError } from './failures.ts';
import type { Field } from './types.ts';

/** A job, as far as we read it: https://cloud.google.com/bigquery/docs/reference/rest/v2/Job */
interface Job {
  jobReference?: { projectId: string; jobId: string; location?: string };
  status?: { state?: string; errorResult?: GoogleError };
  statistics?: {
    totalBytesProcessed?: string;
    query?: {
      statementType?: string;
      totalBytesBilled?: string;
      totalBytesProcessed?: string;
      schema?: { fields?: Field[] };
      referencedTables?: { projectId: string; datasetId: string; tableId: string }[];
    };
  };
}

/** What a dry run tells of a statement. */
export interface DryRun {
  fields: Field[];
  bytesProcessed: string | null;
}

/** A query job that has ended well. */
export interface FinishedJob {
  projectId: string;
  jobId: string;
  location: string | undefined;
  bytesBilled: string | null;
}

const labels = { agent: 'agnes' };
const [firstPauseSeconds, longestPauseSeconds] = [0.1, 5];

/**
 * Asks what a statement would give and read; costs nothing. Throws for one that is not a SELECT, and where the source names
 * `datasets`, for one that reads others.
 */
export async function dryRun(client: Client, statement: string, signal: AbortSignal): Promise<DryRun> {
  const { config } = client;
  const doing = 'check the statement';
  const job = await client.call<Job>(
    {
      method: 'POST',
      path: [billingProject(client), 'jobs'],
      body: {
        jobReference: { projectId: billingProject(client), location: config.location },
        configuration: { dryRun: true, query: { query: statement, useLegacySql: false } },
      },
      doing,
    },
    signal,
  );
  if (job.status?.errorResult) throw jobFailure(doing, job.status.errorResult);
  const { statementType, schema, referencedTables, totalBytesProcessed } = job.statistics?.query ?? {};
  if (statementType !== 'SELECT') {
    throw new Error(`Only a SELECT is run at BigQuery, not ${statementType ?? 'a script'}; write one SELECT.`);
  }
  refuseOtherDatasets(client, statement, referencedTables ?? []);
  return {
    fields: schema?.fields ?? [],
    bytesProcessed: totalBytesProcessed ?? job.statistics?.totalBytesProcessed ?? null,
  };
}

function refuseOtherDatasets(
  { config }: Client,
  statement: string,
  tables: readonly { projectId: string; datasetId: string }[],
): void {
  if (!config.datasets) return;
  const isAllowed = datasetFilter(config);
  const other = tables.find((table) => !isAllowed(table));
  if (other) {
    throw new Error(
      `The statement reads the dataset ${other.datasetId}, which the source does not name; leave it out, or add it to datasets.`,
    );
  }
  // BigQuery does not count these among the tables that a statement reads.
  if (/information_schema/i.test(statement)) {
    throw new Error(
      'The statement reads INFORMATION_SCHEMA, which a source that names its datasets does not allow; leave it out.',
    );
  }
}

/** Whether a dataset is among those that the source names; each is when it names none. */
export function datasetFilter(
  config: Client['config'],
): (dataset: { projectId: string; datasetId: string }) => boolean {
  const names = config.datasets?.map((name) => (name.includes('.') ? name : `${config.project}.${name}`));
  return ({ projectId, datasetId }) => !names || names.includes(`${projectId}.${datasetId}`);
}

/**
 * Runs a statement to its end. Its job has an id of ours, so that asking twice, when the first answer was lost, runs it once.
 * When `signal` is aborted the job is cancelled at BigQuery.
 */
export async function runJob(
  client: Client,
  given: { statement: string; maximumBytesBilled: string; timeoutSeconds: number; signal: AbortSignal },
): Promise<FinishedJob> {
  const { signal } = given;
  const reference = {
    projectId: billingProject(client),
    jobId: `agnes_${randomUUID()}`,
    location: client.config.location,
  };
  try {
    return await waitFor(client, await insertJob(client, { ...given, reference }), signal);
  } catch (error) {
    if (signal.aborted) await cancelJob(client, reference);
    throw error;
  }
}

type Reference = { projectId: string; jobId: string; location: string | undefined };

async function insertJob(
  client: Client,
  given: {
    statement: string;
    maximumBytesBilled: string;
    timeoutSeconds: number;
    reference: Reference;
    signal: AbortSignal;
  },
): Promise<Job> {
  const { reference, signal } = given;
  try {
    return await client.call<Job>(
      {
        method: 'POST',
        path: [reference.projectId, 'jobs'],
        body: {
          jobReference: reference,
          configuration: {
            jobTimeoutMs: String(given.timeoutSeconds * 1000),
            labels,
            query: { query: given.statement, useLegacySql: false, maximumBytesBilled: given.maximumBytesBilled },
          },
        },
        doing: 'start the statement',
      },
      signal,
    );
  } catch (error) {
    const isThere = error instanceof BigQueryFailure && error.status === 409;
    if (!isThere) throw error;
    return getJob(client, reference, signal);
  }
}

function getJob(client: Client, reference: Reference, signal: AbortSignal): Promise<Job> {
  const { projectId, jobId, location } = reference;
  return client.call<Job>(
    { path: [projectId, 'jobs', jobId], query: { location }, doing: 'tell how the statement goes' },
    signal,
  );
}

async function waitFor(client: Client, inserted: Job, signal: AbortSignal): Promise<FinishedJob> {
  let job = inserted;
  const { projectId = '', jobId = '', location } = inserted.jobReference ?? {};
  for (
    let seconds = firstPauseSeconds;
    job.status?.state !== 'DONE';
    seconds = Math.min(seconds * 2, longestPauseSeconds)
  ) {
    await client.pause(seconds, signal);
    job = await getJob(client, { projectId, jobId, location }, signal);
  }
  const bytesBilled = job.statistics?.query?.totalBytesBilled ?? null;
  if (job.status.errorResult) throw billed(jobFailure('run the statement', job.status.errorResult), bytesBilled);
  return { projectId, jobId, location, bytesBilled };
}

/** The error with what is charged for all the same, as the contract of connectors has it. */
export function billed(error: Error, bytesBilled: string | null): Error {
  return bytesBilled === null ? error : Object.assign(error, { bytesBilled });
}

/** Nobody waits for the answer to more than the request: the job may have ended, or never begun. */
async function cancelJob(client: Client, { projectId, jobId, location }: Reference): Promise<void> {
  const call = {
    method: 'POST',
    path: [projectId, 'jobs', jobId, 'cancel'],
    query: { location },
    doing: 'cancel',
  } as const;
  await client.call(call, AbortSignal.timeout(10_000)).catch(() => {});
}

/** The columns of a job's result, and how many rows it has. */
export async function describeResult(
  client: Client,
  { projectId, jobId, location }: FinishedJob,
  signal: AbortSignal,
): Promise<{ fields: Field[]; rows: number }> {
  const answer = await client.call<{ schema?: { fields?: Field[] }; totalRows?: string }>(
    {
      path: [projectId, 'queries', jobId],
      query: { location, maxResults: 0 },
      doing: 'read the result of the statement',
    },
    signal,
  );
  return { fields: answer.schema?.fields ?? [], rows: Number(answer.totalRows ?? 0) };
}

/** The project that jobs run in. */
export function billingProject({ config }: Client): string {
  return config.billingProject ?? config.project;
}
