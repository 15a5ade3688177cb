/** Addresses that are reserved for examples, loopback, where our own tools and published standards stand, the sign-in of Google, and the clouds and descriptions of interfaces that connectors speak to. */
const allowedHosts =
  /^(HOST|localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|(.+\.)?example(\.(com|org|net))?|(.+\.)?(test|invalid)|(.+\.)?localhost|github\.com|json-schema\.org|www\.w3\.org|keepachangelog\.com|semver\.org|((accounts|cloud|developers)\.google|(www|bigquery|cloudidentity|iamcredentials|oauth2|storage)\.googleapis)\.com|(.+\.)?amazonaws\.com|docs\.aws\.amazon\.com|learn\.microsoft\.com|keboola\.docs\.apiary\.io|developers\.keboola\.com|api\.atlassian\.com)$/i;

interface Word {
  /** Its first group is what the fault shows. */
  readonly pattern: RegExp;
  readonly allowed?: RegExp;
  readonly says: string;
}

const words: readonly Word[] = [
  {
    pattern: /\b(?:https?|wss?):\/\/([a-z0-9.-]+|\[[:\d]+\])/gi,
    allowed: allowedHosts,
    says: 'names a host; use example.com',
  },
  {
    pattern: /\b[\w.+-]+@((?:[a-z0-9-]+\.)+[a-z]+)\b/gi,
    allowed: allowedHosts,
    says: 'is the domain of an e-mail address; use example.com',
  },
  { pattern: /\b(customfield_\d+)\b/g, says: 'is the field id of somebody’s system; let it be configured' },
  {
    pattern: /(?:^|[\s"'`(])(\/(?:work|home\/[a-z]+|Users\/[a-z]+)\/)/gm,
    says: 'is a path of the machine that it was written on',
  },
];

/** One sentence for each word in `text` that belongs to one company, one host or one machine. */
export function findPartialWords(text: string): string[] {
  return words.flatMap(({ pattern, allowed, says }) =>
    [...text.matchAll(pattern)]
      .map(([, found = '']) => found.replace(/\.$/, ''))
      .filter((found) => found !== '' && !allowed?.test(found))
      .map((found) => `${found} ${says}`),
  );
}
