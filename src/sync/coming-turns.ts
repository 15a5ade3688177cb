import type { Services } from '../operation/services.ts';
import { nextTurn } from '../registry/schedule.ts';
import type { Source } from '../registry/source.ts';
import type { Table } from '../registry/table.ts';
import { tasksOf } from './source-tasks.ts';
import { selectTaskTurns } from './task-turn.store.ts';

/** An instant at which schedules want something of a source. */
export interface ComingTurn {
  readonly at: Date;
  readonly tables: Table[];
  /** Names of the source's tasks. */
  readonly tasks: string[];
}

/** What shares a schedule and the instant at which it is wanted first. */
interface Wanted extends ComingTurn {
  readonly schedule: string;
}

/**
 * The next instants, at most `limit` and none at or after `before`, at which schedules want tables or tasks of this source,
 * as if each were taken on in time; what is overdue is wanted now.
 */
export async function comingTurns(
  services: Services,
  given: { source: Source; before: Date; limit: number },
): Promise<ComingTurn[]> {
  const { source, before, limit } = given;
  const turns = new Map<number, ComingTurn>();
  for (const { schedule, tables, tasks, at: first } of await firstTurns(services, source)) {
    let at = first;
    for (let count = 0; count < limit && at < before; count += 1, at = nextTurn(schedule, at)) {
      const turn = turns.get(at.getTime()) ?? { at, tables: [], tasks: [] };
      turn.tables.push(...tables);
      turn.tasks.push(...tasks);
      turns.set(at.getTime(), turn);
    }
  }
  return [...turns.values()].toSorted((one, other) => one.at.getTime() - other.at.getTime()).slice(0, limit);
}

/** Tables of one schedule that are wanted together stay together, so that many tables cost no more than one. */
async function firstTurns(services: Services, source: Source): Promise<Iterable<Wanted>> {
  const now = services.clock.now();
  const found = new Map<string, Wanted>();
  function wantedAt(schedule: string, dueAt: Date): Wanted {
    const at = dueAt > now ? dueAt : now;
    const key = `${at.getTime()} ${schedule}`;
    const wanted = found.get(key) ?? { schedule, at, tables: [], tasks: [] };
    found.set(key, wanted);
    return wanted;
  }
  for (const table of services.registry.tablesOf(source.id)) {
    const dueAt = services.turns.dueAt(table);
    if (table.schedule !== null && dueAt) wantedAt(table.schedule, dueAt).tables.push(table);
  }
  for (const { name, schedule, dueAt } of await scheduledTasks(services, source)) {
    wantedAt(schedule, dueAt).tasks.push(name);
  }
  return found.values();
}

async function scheduledTasks(services: Services, source: Source) {
  const scheduled = tasksOf(services, source).filter(({ schedule }) => schedule !== null);
  if (scheduled.length === 0 || services.registry.tablesOf(source.id).length === 0) return [];
  const takenAt = await selectTaskTurns(services.store.db, source.id);
  return scheduled.map(({ name, schedule }) => ({
    name,
    schedule: schedule!,
    dueAt: nextTurn(schedule!, takenAt.get(name) ?? source.createdAt),
  }));
}
