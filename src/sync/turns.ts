import { nextTurn } from '../registry/schedule.ts';
import type { Table } from '../registry/table.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly turns: Turns;
  }
}

/** The topic under which the outbox carries turns. */
export const turnTopic = 'tableTurn';

/** Tables that a run took on at `takenAt` (RFC 3339), or whose turns were forgotten. */
export interface TurnChange {
  tableIds: readonly string[];
  takenAt: string | null;
}

interface Reckoned {
  schedule: string;
  takenAt: Date;
  dueAt: Date;
}

/** When a run last took each table on, and so when its schedule wants it next. */
export class Turns {
  readonly #takenAt = new Map<string, Date>();
  readonly #reckoned = new Map<string, Reckoned>();

  /** Puts or forgets the turn of some tables. */
  apply({ tableIds, takenAt }: TurnChange): void {
    for (const id of tableIds) {
      if (takenAt === null) this.#takenAt.delete(id);
      else this.#takenAt.set(id, new Date(takenAt));
    }
  }

  /**
   * When the table is due; null without a schedule. The instant lies in the past while a turn is missed: however many were
   * missed, it is one. A table that no run has taken on is due since it was registered.
   */
  dueAt(table: Pick<Table, 'id' | 'schedule' | 'createdAt'>): Date | null {
    const { id, schedule } = table;
    if (schedule === null) return null;
    const takenAt = this.#takenAt.get(id);
    if (!takenAt) return table.createdAt;
    const known = this.#reckoned.get(id);
    if (known?.schedule === schedule && known.takenAt === takenAt) return known.dueAt;
    const dueAt = nextTurn(schedule, takenAt);
    this.#reckoned.set(id, { schedule, takenAt, dueAt });
    return dueAt;
  }
}
