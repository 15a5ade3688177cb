import { ToolFailure, type FailureKind } from '../../mcp/tool-failure.ts';
import { CommandFailure, exitCodes, type ExitCode } from '../failure.ts';

const kinds: Partial<Record<ExitCode, FailureKind>> = {
  [exitCodes.wrongUsage]: 'wrongUsage',
  [exitCodes.notSignedIn]: 'notSignedIn',
  [exitCodes.notAllowed]: 'notAllowed',
};

/** What a command would have ended with, as a tool tells it; anything else as it is. */
export function asToolFailure(error: unknown): unknown {
  if (!(error instanceof CommandFailure)) return error;
  return new ToolFailure(kinds[error.exitCode] ?? 'failed', error.message);
}
