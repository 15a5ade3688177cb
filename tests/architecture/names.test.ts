import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/kernel/package-root.ts';

/** Addresses that are reserved for examples, loopback, and where our own tools point. */
const allowedHosts =
  /^(HOST|localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|(.+\.)?example(\.(com|org|net))?|(.+\.)?(test|invalid)|github\.com|json-schema\.org|www\.w3\.org|keepachangelog\.com|semver\.org)$/;

test('no file of ours names a host of anybody: only example.com, loopback and published standards', () => {
  const files = listFiles();
  expect(files.length).toBeGreaterThan(200);
  const named = files.flatMap((file) =>
    [...readFileSync(join(packageRoot, file), 'utf8').matchAll(/\b(?:https?|wss?):\/\/([a-z0-9.-]+|\[[:\d]+\])/gi)]
      .map(([, host = '']) => host.replace(/\.$/, ''))
      .filter((host) => host !== '' && !allowedHosts.test(host))
      .map((host) => `${file}: ${host}`),
  );
  expect(named).toEqual([]);
});

test('no file of ours holds a path of the machine that it was written on', () => {
  const own = 'tests/architecture/names.test.ts';
  const files = listFiles().filter((file) => file !== own);
  const named = files.filter((file) =>
    /(^|[\s"'`(])\/(work|home\/[a-z]+|Users\/[a-z]+)\//m.test(readFileSync(join(packageRoot, file), 'utf8')),
  );
  expect(named).toEqual([]);
});

function listFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter(
      (file) => /\.(ts|tsx|mjs|json|md|sql|css|html|graphql|yaml|yml)$/.test(file) && file !== 'package-lock.json',
    );
}
