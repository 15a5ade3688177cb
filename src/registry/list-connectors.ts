import { z } from 'zod';
import type { Services } from '../operation/services.ts';

/** A kind of system that sources can connect. */
export interface ConnectorKind {
  readonly kind: string;
  /** JSON Schema of what a source of it is told; null where there is no such form. */
  readonly configSchema: unknown;
  /** The secrets that it reads and administrators may set. */
  readonly secrets: readonly string[];
}

/** Every kind of system that this instance can connect, by kind. */
export function listConnectors({ connectors }: Services): ConnectorKind[] {
  const secrets = connectors.secrets();
  return connectors.all().map(({ kind, sourceConfig }) => ({
    kind,
    configSchema: jsonSchemaOf(sourceConfig),
    secrets: secrets.filter((secret) => secret.kind === kind).map(({ name }) => name),
  }));
}

/** A connector from elsewhere may bring a schema that has no such form. */
function jsonSchemaOf(schema: z.ZodType): unknown {
  try {
    return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  } catch {
    return null;
  }
}
