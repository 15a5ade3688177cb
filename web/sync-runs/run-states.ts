import type { RunState } from './documents.ts';

/** What people call the states of runs, in the order in which a filter offers them. */
export const runStateNames: Readonly<Record<RunState, string>> = {
  QUEUED: 'Queued',
  RUNNING: 'Running',
  SUCCEEDED: 'OK',
  PARTIAL: 'Partly failed',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
};

export const runStates = Object.keys(runStateNames) as readonly RunState[];

/** Whether the run may still change. */
export function isOpen(state: RunState): boolean {
  return state === 'QUEUED' || state === 'RUNNING';
}
