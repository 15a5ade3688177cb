import type { RunState, Timeline } from './documents.ts';

const dayMilliseconds = 24 * 3_600_000;

/** A run as a stretch of time. */
export interface Stretch {
  id: string;
  state: RunState;
  from: Date;
  to: Date;
}

/** When schedules want tables or tasks of a source. */
export interface Due {
  at: Date;
  tableCount: number;
  tasks: readonly string[];
}

/** What happened with one source, and what is to come. */
export interface Lane {
  source: string;
  /** The newest first. */
  runs: readonly Stretch[];
  /** The soonest first. */
  dues: readonly Due[];
}

export interface Lanes {
  /** 24 hours before and behind the present. */
  from: Date;
  to: Date;
  /** From here on every run is known: later than `from` when there were more than could be asked for. */
  knownFrom: Date;
  lanes: readonly Lane[];
}

/** The runs of the last 24 hours and the instants of the next 24, by source; sources that have neither are left out. */
export function readLanes({ syncRuns, sources }: Timeline, now: Date): Lanes {
  const from = new Date(now.getTime() - dayMilliseconds);
  const to = new Date(now.getTime() + dayMilliseconds);
  const runs = (syncRuns?.edges ?? []).map(({ node }) => node);
  const oldest = runs.at(-1);
  const isCut = syncRuns?.pageInfo.hasNextPage === true && oldest !== undefined;
  const lanes = (sources ?? []).map(({ name, dueTimes }) => ({
    source: name,
    runs: runs
      .filter(({ source }) => source?.name === name)
      .map(({ id, state, queuedAt, startedAt, finishedAt }) => ({
        id,
        state,
        from: new Date(startedAt ?? queuedAt),
        to: finishedAt === null ? now : new Date(finishedAt),
      }))
      .filter((run) => run.to >= from),
    dues: dueTimes.map(({ at, ...due }) => ({ ...due, at: new Date(at) })).filter(({ at }) => at <= to),
  }));
  return {
    from,
    to,
    knownFrom: isCut && new Date(oldest.queuedAt) > from ? new Date(oldest.queuedAt) : from,
    lanes: lanes.filter((lane) => lane.runs.length > 0 || lane.dues.length > 0),
  };
}
