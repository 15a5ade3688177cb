import { gunzipSync, gzipSync } from 'node:zlib';

/**
 * A DuckDB extension called `toy` that can be loaded and adds nothing, for Linux on x86-64: the shared object that
 *
 *     __attribute__((visibility("default"))) _Bool toy_init_c_api(void *info, void *access) { return 1; }
 *
 * becomes by `gcc -Os -shared -nostdlib -fPIC -fno-asynchronous-unwind-tables -fcf-protection=none -Wl,-z,noseparate-code
 * -Wl,--build-id=none -Wl,--hash-style=gnu -Wl,-z,norelro -s`, compressed.
 */
const sharedObject =
  'H4sIAAAAAAACA6t39XFjYmRkgAFmBjsGBI+BwQFKb2BCFrNgYAGSnAwcYLWsDLjBBEZUmkEAQoG4bMjygqj0BgZUGqaPiUR9HFA68GlJChsD8QBqHdg+RiT3goBCA8IP+TdVgvGZA1IjBAytDkZY+EJBSX5lfGZeZkl8cnxiQSbDBsbDYOGv//7ng+2AqoeFbQWUD3ODB5TPheZebigtwUAf4O7sbKWg4ZKalJmYp2BopGekZ6BraKKdkppkaFRqqAkVYmDQK84oLikqSUxi0EvPK9XLSCzOYNBLqcwrrsyF0CVFDHolqRUlDHqpGfFpRYm5qWDxxNzMZAa95Pzc3NS8Eiq4FxQ+3/7/z4clZ1g4w2gVpHhHTj8wIAo1gwktHmC0AQMinhmR9MPiQxYqx4QWrzBaAEv6QQaqaGkRlq4w0hcO/dpQMSZc+RMNoPvfFGo3zB54/mNEzXfMaPph/rKD2m+AZq4D1EHqONyPTDNjcWc6VL87Af8DAOnwvgvwBAAA';

/** Whether this machine can load it. */
export const emptyExtensionFits = process.platform === 'linux' && process.arch === 'x64';

/** The extension as a repository serves it: with the footer that names ABI and platform, unsigned, compressed. */
export function emptyExtension(): Buffer {
  const section = Buffer.from([0, 0x93, 0x04, 0x10, ...Buffer.from('duckdb_signature'), 0x80, 0x04]);
  const fields = ['', '', '', 'C_STRUCT', 'v0.0.1', 'v1.2.0', 'linux_amd64', '4'].map((text) => {
    const field = Buffer.alloc(32);
    field.write(text);
    return field;
  });
  return gzipSync(
    Buffer.concat([gunzipSync(Buffer.from(sharedObject, 'base64')), section, ...fields, Buffer.alloc(256)]),
  );
}
