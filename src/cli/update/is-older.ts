const semver = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Whether the text is a version by Semantic Versioning. */
export function isVersion(text: string): boolean {
  return text.length <= 100 && semver.test(text);
}

/** Whether `version` comes before `other` by Semantic Versioning; false when one of them is no version. */
export function isOlder(version: string, other: string): boolean {
  const [one, two] = [semver.exec(version), semver.exec(other)];
  if (!one || !two) return false;
  for (const part of [1, 2, 3]) {
    if (Number(one[part]) !== Number(two[part])) return Number(one[part]) < Number(two[part]);
  }
  return comesBefore(one[4], two[4]);
}

/** A version without a pre-release comes after all that have one. */
function comesBefore(one: string | undefined, two: string | undefined): boolean {
  if (one === undefined || two === undefined) return one !== undefined && two === undefined;
  const others = two.split('.');
  for (const [index, word] of one.split('.').entries()) {
    const other = others[index];
    if (other === undefined) return false;
    if (word !== other) return isLowerWord(word, other);
  }
  return one.split('.').length < others.length;
}

function isLowerWord(word: string, other: string): boolean {
  const [isNumber, otherIsNumber] = [/^\d+$/.test(word), /^\d+$/.test(other)];
  if (isNumber !== otherIsNumber) return isNumber;
  return isNumber ? Number(word) < Number(other) : word < other;
}
