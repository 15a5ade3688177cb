import { printNotice } from '../output/streams.ts';
import type { UploadPlan } from './plan-uploads.ts';
import type { UploadReport } from './send-files.ts';

const mostNamed = 20;

/** Tells a person what is sent, before anything is. */
export function printUploadPlan(plan: UploadPlan, { verb }: { verb: 'are sent' | 'would be sent' }): void {
  const { toSend, failed, leftOut } = plan;
  if (verb === 'would be sent')
    for (const { file, error } of failed) printNotice(`${file} would not be sent: ${error}`);
  for (const name of leftOut) printNotice(`${name} stays here: it is a link, or its name looks like a secret.`);
  const bytes = toSend.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (toSend.length === 0) return printNotice('No notes and no logs are new.');
  printNotice(`${toSend.length} notes and logs ${verb}, ${bytes} bytes:`);
  for (const { name, sizeBytes } of toSend.slice(0, mostNamed)) printNotice(`  ${name} (${sizeBytes} bytes)`);
  if (toSend.length > mostNamed) printNotice(`  and ${toSend.length - mostNamed} more`);
}

/** Tells a person what was sent; quietly, only what went wrong. */
export function printUploadReport({ sent, failed }: UploadReport, { quiet }: { quiet?: true }): void {
  for (const { file, error } of failed) printNotice(`${file} was not sent: ${error}`);
  if (quiet || sent.length + failed.length === 0) return;
  printNotice(`${sent.length} notes and logs were sent, ${failed.length} failed.`);
}
