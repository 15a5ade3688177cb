import type { ConnectorContext } from '../../connectors/contract.ts';
import { sleep, systemClock } from '../../src/kernel/clock.ts';

type Pause = ConnectorContext<unknown>['pause'];

const longestSeconds = 0.01;

/** The pause of a context in tests: ten milliseconds at most, however long it shall be. */
export const shortPause: Pause = (seconds, signal) => sleep(systemClock, Math.min(seconds, longestSeconds), signal);

/** As `shortPause`, which notes in `seconds` how long each shall be. */
export function notedPause(seconds: number[]): Pause {
  return (asked, signal) => {
    seconds.push(asked);
    return shortPause(asked, signal);
  };
}
