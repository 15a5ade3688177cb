import type { Gatherer } from './gatherer.ts';
import { isRecord, records } from './issue.ts';
import { keepIssue } from './keep-issue.ts';
import { openSlaClient } from './open-jira.ts';
import { scopeJql, search } from './search.ts';
import { overlaySla, slaFieldsOf } from './sla.ts';

const open = 'statusCategory != Done';

/** Asks for the agreements of all open issues: they run on while the issue says that nothing changed. */
export async function pollSla(gatherer: Gatherer): Promise<Record<string, number>> {
  const { store, index, context, keeping } = gatherer;
  const fields = slaFieldsOf(context.config);
  const counts = { open: 0, changed: 0 };
  if (fields.length === 0) return counts;
  for await (const found of search(openSlaClient(context), { jql: scopeJql(context.config, open), fields })) {
    counts.open += 1;
    const known = index.get(found.id);
    const issue = known ? await store.read(known.key) : null;
    if (!issue) continue;
    const changed = { ...issue, fields: { ...issue.fields } };
    overlaySla(changed.fields, { fields, from: found.fields });
    if (await keepIssue({ ...keeping, attachments: null }, changed)) counts.changed += 1;
  }
  await index.save();
  return counts;
}

/** Asks for the remote links of all open issues: to add one does not change its issue. */
export async function refreshRemoteLinks(gatherer: Gatherer): Promise<Record<string, number>> {
  const { client, store, index, context, keeping } = gatherer;
  const counts = { open: 0, changed: 0 };
  const ids: string[] = [];
  for await (const { id } of search(client, { jql: scopeJql(context.config, open), fields: ['created'] })) ids.push(id);
  await gatherer.inParallel(ids, async (id) => {
    counts.open += 1;
    const known = index.get(id);
    const links = known ? await client.get(`/rest/api/3/issue/${id}/remotelink`) : null;
    const issue = known ? await store.read(known.key) : null;
    if (!issue || isRecord(links) || links === null) return;
    const changed = { ...issue, _remote_links: records(links) };
    if (await keepIssue({ ...keeping, attachments: null }, changed)) counts.changed += 1;
  });
  await index.save();
  return counts;
}
