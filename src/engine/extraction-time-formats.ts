import { InvalidInputError } from '../kernel/errors.ts';
import { resourceFailure } from './extraction-errors.ts';
import type { Session } from './extraction-session.ts';
import { quoteLiteral } from './identifier.ts';

/** How dates and times are written where ISO 8601 is not used; as DuckDB's `strptime` reads them. */
export interface TimeFormats {
  dateFormat?: string;
  timestampFormat?: string;
}

/** Refuses with an `InvalidInputError` a format that DuckDB cannot read. */
export async function refuseBadFormats(session: Session, formats: TimeFormats): Promise<void> {
  for (const path of ['dateFormat', 'timestampFormat'] as const) {
    const format = formats[path];
    if (format === undefined || (await isTimeFormat(session, format))) continue;
    throw new InvalidInputError([{ path, message: `"${format}" is not a format; write it like %d.%m.%Y %H:%M:%S.` }]);
  }
}

async function isTimeFormat(session: Session, format: string): Promise<boolean> {
  try {
    await session.query(`SELECT try_strptime('', ${quoteLiteral(format)})`);
    return true;
  } catch (error) {
    session.signal.throwIfAborted();
    if (resourceFailure(error)) throw error;
    return false;
  }
}
