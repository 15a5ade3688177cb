/** Something of the old state could not be taken over; `place` tells where that was. */
export class TakeOverError extends Error {
  readonly place: string;

  constructor(place: string, cause: unknown) {
    super((cause as Error).message, { cause });
    this.place = place;
  }
}
