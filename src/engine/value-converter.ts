import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBGeometryValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimeNSValue,
  DuckDBTimeTZValue,
  DuckDBTimeValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  DuckDBVariantValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { formatDate, formatInterval, formatTime, formatTimeWithOffset, formatTimestamp } from './time-text.ts';

/** What JSON can say. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/**
 * A value of DuckDB as JSON, without loss:
 * - whole numbers up to 32 bits, FLOAT and DOUBLE are numbers; `"NaN"`, `"Infinity"` and `"-Infinity"` are told apart;
 * - BIGINT, UBIGINT, HUGEINT, UHUGEINT, BIGNUM and DECIMAL are decimal text;
 * - TIMESTAMPTZ is RFC 3339 in UTC (`…Z`); TIMESTAMP names no zone and gets none; fractions in groups of three digits;
 * - DATE and TIME are ISO 8601, INTERVAL an ISO 8601 duration; infinite dates are `"infinity"` and `"-infinity"`;
 * - BLOB and GEOMETRY (as WKB) are base64; BIT, UUID, ENUM and JSON are text;
 * - LIST and ARRAY are lists, STRUCT an object, MAP a list of `{key, value}`, UNION `{tag, value}`.
 */
export function convertValue(value: DuckDBValue): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return value.toString();
  return convertTime(value) ?? convertNested(value) ?? convertBytes(value) ?? value.toString();
}

function convertTime(value: DuckDBValue): string | undefined {
  if (value instanceof DuckDBTimestampTZValue)
    return formatTimestamp(value.micros, { perSecond: 1_000_000n, zone: 'Z' });
  if (value instanceof DuckDBTimestampValue) return formatTimestamp(value.micros, { perSecond: 1_000_000n });
  if (value instanceof DuckDBDateValue) return formatDate(value.days);
  if (value instanceof DuckDBTimeValue) return formatTime(value.micros, 1_000_000n);
  if (value instanceof DuckDBTimeNSValue) return formatTime(value.nanos, 1_000_000_000n);
  if (value instanceof DuckDBTimeTZValue) return formatTimeWithOffset(value.micros, value.offset);
  if (value instanceof DuckDBTimestampSecondsValue) return formatTimestamp(value.seconds, { perSecond: 1n });
  if (value instanceof DuckDBTimestampMillisecondsValue) return formatTimestamp(value.millis, { perSecond: 1000n });
  if (value instanceof DuckDBTimestampNanosecondsValue)
    return formatTimestamp(value.nanos, { perSecond: 1_000_000_000n });
  if (value instanceof DuckDBIntervalValue) return formatInterval(value);
  return undefined;
}

function convertNested(value: DuckDBValue): JsonValue | undefined {
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(convertValue);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, field]) => [name, convertValue(field)]));
  }
  if (value instanceof DuckDBMapValue) {
    return value.entries.map((entry) => ({ key: convertValue(entry.key), value: convertValue(entry.value) }));
  }
  if (value instanceof DuckDBUnionValue) return { tag: value.tag, value: convertValue(value.value) };
  if (value instanceof DuckDBVariantValue) return convertValue(value.value);
  return undefined;
}

function convertBytes(value: DuckDBValue): string | undefined {
  if (value instanceof DuckDBBlobValue || value instanceof DuckDBGeometryValue) {
    return Buffer.from(value.bytes).toString('base64');
  }
  return undefined;
}
