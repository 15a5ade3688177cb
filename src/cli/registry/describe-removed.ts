/** `2 tables, 1 grant and 3 files (12 bytes)` */
export function describeRemoved(removed: {
  tables: number;
  tableGrants: number;
  files: number;
  sizeBytes: string;
}): string {
  const { tables, tableGrants, files, sizeBytes } = removed;
  const held = `${count(files, 'file')} (${count(Number(sizeBytes), 'byte')})`;
  return `${count(tables, 'table')}, ${count(tableGrants, 'grant')} and ${held}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
