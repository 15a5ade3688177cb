import type { ServerResponse } from 'node:http';

/** Answers with one sentence of plain text that nobody stores. */
export function answerSentence(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${sentence}\n`);
}
