/** Whether a path names files by a pattern: `*`, `?`, `[`. */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/** One place of a pattern: any characters, or one that passes. */
type Token = 'any' | ((character: string) => boolean);

/**
 * Whether the name of one file or folder fits a pattern of `*` (any characters), `?` (one), `[abc]`, `[a-z]`, `[!a-z]`. The
 * time it takes grows with the product of both lengths at most.
 */
export function fitsPattern(name: string, pattern: string): boolean {
  const characters = Array.from(name);
  const tokens = splitPattern(pattern);
  let [at, token] = [0, 0];
  let retry: { at: number; token: number } | undefined;
  while (at < characters.length) {
    const wanted = tokens[token];
    if (wanted === 'any') {
      token += 1;
      retry = { at, token };
    } else if (wanted?.(characters[at] ?? '')) {
      at += 1;
      token += 1;
    } else if (retry) {
      retry.at += 1;
      ({ at, token } = retry);
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === 'any');
}

function splitPattern(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let rest = pattern; rest !== '';) {
    const set = /^\[(!?)(\]?[^\]]*)\]/u.exec(rest);
    const [first = ''] = rest;
    if (set) tokens.push(passesSet(set[2] ?? '', set[1] === '!'));
    else if (first === '*') tokens.push('any');
    else tokens.push((character) => first === '?' || character === first);
    rest = rest.slice(set?.[0].length ?? first.length);
  }
  return tokens;
}

function passesSet(set: string, isNegated: boolean): (character: string) => boolean {
  const ranges = [...set.matchAll(/(.)-(.)|(.)/gsu)].map(([, from, to, one = '']) => [from ?? one, to ?? one] as const);
  return (character) => {
    const code = character.codePointAt(0) ?? 0;
    const isIn = ranges.some(([from, to]) => code >= (from.codePointAt(0) ?? 0) && code <= (to.codePointAt(0) ?? 0));
    return isIn !== isNegated;
  };
}
