import { z } from 'zod';

// The answers of the Storage API, as far as we read them: https://keboola.docs.apiary.io/

const metadata = z.array(z.object({ key: z.string(), value: z.string().nullish(), provider: z.string().nullish() }));

/** PHP writes an empty map as an empty list. */
const columnMetadata = z.preprocess((map) => (Array.isArray(map) ? {} : map), z.record(z.string(), metadata));

const definition = z.object({
  columns: z.array(
    z.object({
      name: z.string(),
      basetype: z.string().nullish(),
      definition: z.object({
        type: z.string(),
        length: z
          .union([z.string(), z.number()])
          .nullish()
          .transform((length) => (length === null || length === undefined ? null : String(length))),
      }),
    }),
  ),
});

const bucket = z.object({ id: z.string(), backend: z.string().nullish() });

/** A table as the list and the detail tell of it. */
export const tableShape = z.object({
  id: z.string(),
  name: z.string(),
  primaryKey: z.array(z.string()).nullish(),
  lastImportDate: z.string().nullish(),
  lastChangeDate: z.string().nullish(),
  isAlias: z.boolean().nullish(),
  columns: z.array(z.string()).default([]),
  columnMetadata: columnMetadata.nullish(),
  metadata: metadata.nullish(),
  bucket: bucket.nullish(),
  definition: definition.nullish(),
  sourceTable: z
    .object({ id: z.string().nullish(), columnMetadata: columnMetadata.nullish(), definition: definition.nullish() })
    .nullish(),
});

export const bucketsShape = z.array(bucket);

export const jobShape = z.object({
  id: z.union([z.string(), z.number()]),
  status: z.string(),
  error: z.object({ message: z.string().nullish() }).nullish(),
  results: z
    .object({ file: z.object({ id: z.union([z.string(), z.number()]) }).nullish() })
    .nullish()
    .catch(null),
});

export const fileShape = z.object({
  url: z.string(),
  isSliced: z.boolean().nullish(),
  provider: z.string().nullish(),
  region: z.string().nullish(),
  credentials: z
    .object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string().nullish() })
    .nullish(),
  gcsCredentials: z.object({ access_token: z.string() }).nullish(),
  absCredentials: z.object({ SASConnectionString: z.string() }).nullish(),
});

export const manifestShape = z.object({
  entries: z.array(z.object({ url: z.string(), meta: z.object({ content_length: z.number().nullish() }).nullish() })),
});

export type StorageTable = z.infer<typeof tableShape>;
export type StorageFile = z.infer<typeof fileShape>;
export type StorageMetadata = z.infer<typeof metadata>;
export type ManifestEntry = z.infer<typeof manifestShape>['entries'][number];
