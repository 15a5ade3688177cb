// What could close a fence or a comment, name a file to be read in, or hide: controls, turns of direction, characters that no
// screen shows.
const steering =
  /[<>&`@\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u{feff}\u{e0000}-\u{e01ef}]|[\u{fe00}-\u{fe0f}]/gu;

/** The value as one line of JSON in which no text can be anything but text: it says the same to whoever parses it. */
export function dataLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(steering, (character) =>
    Array.from({ length: character.length }, (_, at) => escape(character.charCodeAt(at))).join(''),
  );
}

function escape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
