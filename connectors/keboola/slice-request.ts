import { isLoopback, isSecure } from './config.ts';
import { encode, signS3Get } from './sign-s3.ts';
import type { StorageFile } from './storage-shapes.ts';

/** How one slice is fetched. */
export interface SliceRequest {
  url: URL;
  headers: Record<string, string>;
}

/**
 * The request for the slice that the manifest calls `address` (`gs://`, `s3://` or `azure://`), with the temporary credentials of
 * the file; they go to the storage that the address names and nowhere else. `headers` are sent along.
 */
export function sliceRequest(
  file: StorageFile,
  given: { address: string; headers: Record<string, string>; stackUrl: string },
): SliceRequest {
  const { address, headers } = given;
  const found = /^(gs|s3|azure):\/\/([^/]+)\/(.+)$/.exec(address);
  const [, scheme, bucket = '', key = ''] = found ?? [];
  const path = key.split('/').map(encode).join('/');
  if (scheme === 'gs' && file.gcsCredentials) {
    const url = new URL(`https://storage.googleapis.com/${encode(bucket)}/${path}`);
    return { url, headers: { ...headers, Authorization: `Bearer ${file.gcsCredentials.access_token}` } };
  }
  if (scheme === 's3' && file.credentials && file.region) {
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken } = file.credentials;
    const url = s3Url({ bucket, path, region: file.region });
    const credentials = { accessKeyId, secretAccessKey, ...(SessionToken && { sessionToken: SessionToken }) };
    return { url, headers: signS3Get({ url, region: file.region, credentials, at: new Date(), headers }) };
  }
  if (scheme === 'azure' && file.absCredentials) {
    const url = azureUrl(file.absCredentials.SASConnectionString, { host: bucket, path, stackUrl: given.stackUrl });
    return { url, headers: { ...headers, 'x-ms-version': '2020-10-02' } };
  }
  throw new Error('Keboola delivered a part of the export in a storage that we do not know, or without credentials.');
}

/** A bucket with dots has no certificate as a host. */
function s3Url({ bucket, path, region }: { bucket: string; path: string; region: string }): URL {
  if (!/^[a-z0-9-]+$/.test(region)) throw new Error('Keboola delivered the export with a region that is none of AWS.');
  const domain = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  if (/^[a-z0-9-]+$/.test(bucket)) return new URL(`https://${bucket}.${domain}/${path}`);
  return new URL(`https://${domain}/${encode(bucket)}/${path}`);
}

/** The connection string names the account's address, which has to be that of the slice, and the signature that opens it. */
function azureUrl(connectionString: string, slice: { host: string; path: string; stackUrl: string }): URL {
  const parts = new Map(
    connectionString.split(';').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at), part.slice(at + 1)] as const;
    }),
  );
  const endpoint = parts.get('BlobEndpoint') ?? '';
  if (!URL.canParse(endpoint)) throw new Error('Keboola delivered the export without an address of Azure.');
  const base = new URL(endpoint);
  refuseInsecure(base, slice.stackUrl);
  if (base.host !== slice.host) throw new Error('Keboola delivered a part of the export in another account of Azure.');
  const url = new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}/${slice.path}`);
  url.search = parts.get('SharedAccessSignature') ?? '';
  return url;
}

/** Only a stack on this machine may name addresses on this machine, and only there without encryption. */
export function refuseInsecure(url: URL, stackUrl: string): void {
  if (isSecure(url) && (!isLoopback(url) || isLoopback(new URL(stackUrl)))) return;
  throw new Error(`Keboola named ${url.host} for the download, which is not an https address.`);
}
