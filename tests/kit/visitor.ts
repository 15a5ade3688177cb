const mostRedirects = 15;

/** A browser as far as redirects and cookies go; each has cookies of its own. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  /** Opens an address and nothing behind it. */
  async open(url: string): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie, 'user-agent': 'Visitor/1' } });
    for (const header of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      if (/max-age=0(;|$)/i.test(header) || value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  /** Opens an address and is sent on until an answer is no redirect, or `until` says enough; resolves to where it is then. */
  async follow(url: string, until: (url: string) => boolean = () => false): Promise<string> {
    let at = url;
    for (let redirects = 0; redirects < mostRedirects; redirects += 1) {
      if (until(at)) return at;
      const response = await this.open(at);
      await response.body?.cancel();
      const location = response.headers.get('location');
      if (location === null) return at;
      at = new URL(location, at).href;
    }
    throw new Error(`${url} leads to no end.`);
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }
}
