/** The one of `words` that somebody who typed `typed` most likely meant; null when none is near. */
export function nearestWord(typed: string, words: readonly string[]): string | null {
  const near = words
    .map((word) => ({ word, distance: distanceOf(typed.toLowerCase(), word) }))
    .filter(({ word, distance }) => distance <= Math.max(2, Math.floor(word.length / 3)))
    .toSorted((left, right) => left.distance - right.distance);
  return near[0]?.word ?? null;
}

/** How many characters must be put in, taken out or exchanged. */
function distanceOf(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, character] of Array.from(left.slice(0, 50)).entries()) {
    const next = [index + 1];
    for (let column = 1; column <= right.length; column += 1) {
      const exchange = row[column - 1]! + (right[column - 1] === character ? 0 : 1);
      next.push(Math.min(exchange, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
