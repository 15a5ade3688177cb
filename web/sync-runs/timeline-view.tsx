/** When runs were and will be. */
export function TimelineView() {
  return null;
}
