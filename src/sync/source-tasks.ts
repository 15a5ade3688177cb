import type { SourceTask } from '../../connectors/contract.ts';
import { InvalidInputError } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import { nextTurn } from '../registry/schedule.ts';
import type { Source } from '../registry/source.ts';
import { selectOpenRun } from './sync-run.store.ts';
import { selectTaskTurns } from './task-turn.store.ts';

/** The tasks of this source, as its connector tells them. */
export function tasksOf(services: Services, source: Source): readonly SourceTask[] {
  return services.connectors.named(source.connector).tasks?.(source.config) ?? [];
}

/** The requested tasks, each once; throws an `InvalidInputError` when the source has none of that name. */
export function chooseTasks(services: Services, given: { source: Source; requested: readonly string[] }): string[] {
  const names = tasksOf(services, given.source).map(({ name }) => name);
  const unknown = given.requested.find((name) => !names.includes(name));
  if (unknown === undefined) return [...new Set(given.requested)];
  const known = names.length === 0 ? 'it has none' : `it has: ${names.join(', ')}`;
  throw new InvalidInputError([
    { path: 'tasks', message: `The source has no task ${JSON.stringify(unknown)}; ${known}.` },
  ]);
}

/** The names of the source's tasks whose schedules want them now; none while a run of the source is on its way. */
export async function dueTasks(services: Services, source: Source): Promise<string[]> {
  const scheduled = tasksOf(services, source).filter(({ schedule }) => schedule !== null);
  if (scheduled.length === 0 || services.registry.tablesOf(source.id).length === 0) return [];
  const takenAt = await selectTaskTurns(services.store.db, source.id);
  const now = services.clock.now();
  const due = scheduled.filter(
    ({ name, schedule }) => nextTurn(schedule!, takenAt.get(name) ?? source.createdAt) <= now,
  );
  if (due.length === 0 || (await selectOpenRun(services.store.db, source.id))) return [];
  return due.map(({ name }) => name);
}
