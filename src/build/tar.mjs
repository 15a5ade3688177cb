// A tar archive (ustar) of text files that is the same bytes for the same files, whenever and by whomever it is made.
const blockBytes = 512;

/** The archive of `files`, in their order; a path has at most 100 bytes. */
export function tarOf(files) {
  const blocks = files.flatMap(({ path, text, executable }) => {
    const content = Buffer.from(text);
    return [headerOf(path, { bytes: content.length, executable }), content, Buffer.alloc(padding(content.length))];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)]);
}

function padding(bytes) {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

function headerOf(path, { bytes, executable }) {
  if (Buffer.byteLength(path) > 100) throw new Error(`the path is too long for the archive: ${path}`);
  const header = Buffer.alloc(blockBytes);
  header.write(path, 0);
  header.write(octal(executable ? 0o755 : 0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(bytes, 12), 124);
  header.write(octal(0, 12), 136);
  header.write(' '.repeat(8), 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 7)} `, 148);
  return header;
}

function octal(number, width) {
  return `${number.toString(8).padStart(width - 1, '0')}\0`;
}
