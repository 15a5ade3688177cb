import { conversionTo, detectedType, textBit, timeKinds, type Conversion } from './extraction-csv-types.ts';
import type { TimeFormats } from './extraction-time-formats.ts';

/** SQL names of one value of a record: its text (that of a nested value is JSON), and its type as `json_type` names it. */
export interface JsonValue {
  text: string;
  type: string;
}

/** SQL over a value: whether it fits a type without loss, and the typed value when it does. */
export interface JsonConversion {
  type: string;
  fits(value: JsonValue): string;
  convert(value: JsonValue): string;
}

const [wholeBit, largeBit, realBit, booleanBit] = [1, 2, 4, 128];
const timeBits = 8 | 16 | 32 | 64;
const [hugeBit, objectBit, listBit, otherBit] = [512, 1024, 2048, 4096];

/** SQL that sums up which kinds of value stand in a column; `detectedJsonType` reads the result. */
export function detectJsonKinds({ text, type }: JsonValue, formats: TimeFormats): string {
  const whole = (digits: string) => `regexp_full_match(${text}, '-?[0-9]${digits}')`;
  return `bit_or(CASE WHEN ${text} IS NULL THEN 0
    WHEN ${type} = 'OBJECT' THEN ${objectBit} WHEN ${type} = 'ARRAY' THEN ${listBit}
    WHEN ${type} = 'BOOLEAN' THEN ${booleanBit}
    WHEN ${type} = 'VARCHAR' THEN CASE ${timeKinds(text, formats)} ELSE ${textBit} END
    WHEN ${whole('{1,15}')} THEN ${wholeBit}
    WHEN ${whole('{1,19}')} AND TRY_CAST(${text} AS BIGINT) IS NOT NULL THEN ${largeBit}
    WHEN ${whole('{1,38}')} THEN ${hugeBit}
    WHEN ${whole('+')} THEN ${otherBit}
    WHEN regexp_matches(${text}, '[0-9]') AND NOT coalesce(isfinite(TRY_CAST(${text} AS DOUBLE)), false) THEN ${otherBit}
    ELSE ${realBit} END)`;
}

/** The type that holds every value of a column with these kinds exactly, or `nested` when that is a list or a struct. */
export function detectedJsonType(found: number, formats: TimeFormats): string {
  const within = (kinds: number) => (found & ~kinds) === 0;
  if (within(timeBits | textBit) || within(booleanBit)) return detectedType(found, formats);
  if (within(wholeBit | largeBit) || within(wholeBit | realBit)) return detectedType(found, formats);
  if (within(wholeBit | largeBit | hugeBit)) return 'DECIMAL(38,0)';
  return within(objectBit) || within(listBit) ? 'nested' : 'JSON';
}

/** How a value becomes `type`; throws an `InvalidInputError` on `path` for a type that cannot be extracted. */
export function jsonConversionTo(type: string, formats: TimeFormats, path: string): JsonConversion {
  const plain = conversionTo(type, formats, path);
  if (plain.type === 'JSON') return { type: 'JSON', fits: () => 'true', convert: asJson };
  const convert = ({ text }: JsonValue) => plain.convert(text);
  return { type: plain.type, convert, fits: (value) => fitsExactly(plain, value) };
}

/** A fraction went through a double, which keeps 15 digits: with more, what the file says is not known any more. */
function fitsExactly(plain: Conversion, { text, type }: JsonValue): string {
  const fits = plain.fits(text);
  if (!plain.type.startsWith('DECIMAL')) return fits;
  const digits = `length(regexp_replace(ltrim(${text}, '-0.'), '[^0-9]', '', 'g'))`;
  return `${fits} AND (${type} = 'VARCHAR' OR ${text} NOT LIKE '%.%' OR ${digits} <= 15)`;
}

function asJson({ text, type }: JsonValue): string {
  return `CASE WHEN ${type} = 'VARCHAR' THEN to_json(${text}) ELSE ${text}::JSON END`;
}
