const opening = /^([ \t]*)(`{3,}|~{3,})[ \t]*ya?ml\b[^`]*$/i;
const anyOpening = /^[ \t]*(`{3,}|~{3,})[^`]*$/;

/** The texts of the fenced blocks of YAML in Markdown, without the indent of their fences; one that nobody closed goes to the end. */
export function yamlBlocks(markdown: string): string[] {
  const blocks: string[] = [];
  const lines = markdown.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const fence = anyOpening.exec(lines[at]!)?.[1];
    if (fence === undefined) continue;
    const indent = opening.exec(lines[at]!)?.[1];
    const first = at + 1;
    at = first;
    while (at < lines.length && !closes(lines[at]!, fence)) at += 1;
    if (indent !== undefined) blocks.push(withoutIndent(lines.slice(first, at), indent.length));
  }
  return blocks;
}

function closes(line: string, fence: string): boolean {
  const text = line.trim();
  return text.length >= fence.length && text === fence[0]!.repeat(text.length);
}

function withoutIndent(lines: readonly string[], indent: number): string {
  const some = new RegExp(`^[ \\t]{0,${indent}}`);
  return lines.map((line) => `${line.replace(some, '')}\n`).join('');
}
