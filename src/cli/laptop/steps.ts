/** What a sync does to the disk; `beforeStep` of a sync hears of each before it is done. */
export type LaptopStep =
  | 'write bytes'
  | 'place file'
  | 'remember'
  | 'write views'
  | 'place views'
  | 'remove files'
  | 'write guide';

/** Called before each step; what it throws is as if the disk had refused the step. */
export type BeforeStep = (step: LaptopStep) => void | Promise<void>;
