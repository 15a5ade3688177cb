import { pino, type Logger } from 'pino';

export type Log = Logger;

/** A JSON log on stderr; `level` as pino names them, `silent` for none. */
export function createLog(level: string): Log {
  return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }));
}
