import type { z } from 'zod';
import type { Answer } from './answer.ts';
import type { Place } from './place.ts';

/** What a tool does for its caller. */
export interface Call<Input> {
  readonly place: Place;
  readonly input: Input;
  /** Aborted when the caller has given up, or may not ask any more. */
  readonly signal: AbortSignal;
}

/** One tool: its words are ours and hold no data. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodRawShape;
  /** Throws a `ToolFailure` for what cannot be done. */
  readonly run: (call: Call<Record<string, unknown>>) => Promise<Answer>;
}

/** A tool whose input has the types of its shape, which the server has checked before it runs. */
export function defineTool<Shape extends z.ZodRawShape>(
  tool: Omit<Tool, 'input' | 'run'> & { input: Shape; run(call: Call<z.infer<z.ZodObject<Shape>>>): Promise<Answer> },
): Tool {
  return tool as unknown as Tool;
}
