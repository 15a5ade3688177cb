import { StoreOpenError } from '../store/open-errors.ts';

/** Something of the old state could not be taken over; `place` tells where that was. */
export class TakeOverError extends Error {
  readonly place: string;

  constructor(place: string, cause: unknown) {
    super((cause as Error).message, { cause });
    this.place = place;
  }
}

/** Something beside the database has to be mended first; nothing was taken over. */
export class UnfitFileError extends StoreOpenError {
  readonly code = 'UPGRADE_FILE_UNFIT';

  /** Each fault begins with its path. */
  constructor(faults: readonly string[]) {
    super(`${faults.join('; ')}: repair it, or move it away. Nothing was taken over.`);
  }
}
