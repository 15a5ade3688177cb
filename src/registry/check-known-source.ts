import { InvalidInputError } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import { checkSource } from './check-source.ts';

/** Whether a source can be reached now; `fault` says why not. */
export interface SourceCheck {
  readonly fault: string | null;
}

/** Has the connector of a source reach it as it is configured; null for an unknown source. */
export async function checkKnownSource(services: Services, name: string): Promise<SourceCheck | null> {
  const source = services.registry.sourceByName(name);
  if (!source) return null;
  try {
    await checkSource(services, source);
    return { fault: null };
  } catch (error) {
    if (error instanceof InvalidInputError) return { fault: error.fields.map(({ message }) => message).join(' ') };
    throw error;
  }
}
