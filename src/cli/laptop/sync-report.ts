/** What one sync did. */
export interface SyncReport {
  /** Nothing had changed, and everything was there. */
  readonly unchanged: boolean;
  /** `bytes`: the files that were missing; `sentBytes`: what of them came over the line. */
  readonly downloaded: readonly { readonly table: string; readonly bytes: number; readonly sentBytes: number }[];
  /** Tables that are no longer on this laptop. */
  readonly removed: readonly string[];
  readonly failed: readonly { readonly table: string; readonly error: string }[];
  /** How many tables the workspace holds now. */
  readonly tables: number;
  /** Where an `agnes.duckdb` that somebody had changed is now, below the workspace; null: nobody had. */
  readonly rescued: string | null;
}
