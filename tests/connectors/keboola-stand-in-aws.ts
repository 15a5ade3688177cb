import { createHash, createHmac } from 'node:crypto';

/** One request as it came; `host` is where the client meant to send it. */
export interface StandInRequest {
  method: string;
  host: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/**
 * Why AWS would refuse the signature of a request, as
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html describes it; undefined when it would not. Written from
 * the description, apart from the code that signs.
 */
export function awsRefusal(request: StandInRequest, secretAccessKey: string): string | undefined {
  const header = String(request.headers['authorization'] ?? '');
  const found =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\d{8})\/([^/]+)\/s3\/aws4_request,\s?SignedHeaders=([^,]+),\s?Signature=([0-9a-f]{64})$/;
  const [, day = '', region = '', names = '', signature = ''] = found.exec(header) ?? [];
  if (signature === '') return 'no signature';
  const signed = names.split(';');
  if (!signed.includes('host')) return 'the host is not signed';
  const unsigned = Object.keys(request.headers).find((name) => name.startsWith('x-amz-') && !signed.includes(name));
  if (unsigned !== undefined) return `${unsigned} is not signed`;
  const time = String(request.headers['x-amz-date']);
  if (!time.startsWith(day)) return 'another day';
  const [path = '', query = ''] = request.path.split('?');
  const values = signed.map(
    (name) => `${name}:${name === 'host' ? request.host : String(request.headers[name]).trim()}\n`,
  );
  const payload = String(request.headers['x-amz-content-sha256']);
  const canonical = `${request.method}\n${path}\n${query}\n${values.join('')}\n${names}\n${payload}`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of [day, region, 's3', 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  const text = `AWS4-HMAC-SHA256\n${time}\n${day}/${region}/s3/aws4_request\n${digest}`;
  return createHmac('sha256', key).update(text).digest('hex') === signature ? undefined : 'another signature';
}
