// Control characters, and those that turn the direction of text: a cell must not be able to steer a terminal.
// oxlint-disable-next-line no-control-regex
const steering = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const names: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with each character that could steer a terminal written as an escape, such as `\n` or `\u001b`. */
export function visible(text: string, { keepNewlines = false } = {}): string {
  return text.replaceAll(steering, (character) => {
    if (keepNewlines && character === '\n') return character;
    return names[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
