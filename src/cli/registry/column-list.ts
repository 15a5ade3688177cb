/** `id, day` as `['id', 'day']`. */
export function columnList(text: string): string[] {
  const columns = text.split(',').map((column) => column.trim());
  return columns.filter((column) => column !== '');
}
