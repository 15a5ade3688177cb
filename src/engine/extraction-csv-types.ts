import { InvalidInputError } from '../kernel/errors.ts';
import type { TimeFormats } from './extraction-time-formats.ts';
import { quoteLiteral } from './identifier.ts';

/** SQL over the text `value`: whether it fits a type without loss, and the typed value when it does. */
export interface Conversion {
  type: string;
  fits(value: string): string;
  convert(value: string): string;
}

const date = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const time = '[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6}0*)?)?';
const zone = '(Z|[+-][0-9]{2}(:?[0-9]{2})?)';
const isoTimestamp = `${date}([ T]${time})?`;
const integerTypes = 'TINYINT SMALLINT INTEGER BIGINT UTINYINT USMALLINT UINTEGER UBIGINT'.split(' ');
const realTypes = 'FLOAT DOUBLE'.split(' ');
const castTypes = 'BOOLEAN UUID JSON'.split(' ');

/** How text becomes `type`; throws an `InvalidInputError` on `path` for a type that cannot be extracted. */
export function conversionTo(type: string, formats: TimeFormats, path: string): Conversion {
  const name = type.trim().toUpperCase().replace(/\s+/g, ' ');
  const decimal = /^DECIMAL ?\( ?(\d{1,2}) ?, ?(\d{1,2}) ?\)$/.exec(name);
  if (decimal) return decimalConversion(Number(decimal[1]), Number(decimal[2]), path);
  if (name === 'VARCHAR') return { type: name, fits: () => 'true', convert: (value) => value };
  if (integerTypes.includes(name)) return castConversion(name, '[+-]?[0-9]+');
  if (realTypes.includes(name)) return realConversion(name);
  if (castTypes.includes(name)) return castConversion(name);
  if (name === 'TIME') return castConversion(name, time);
  if (name === 'DATE') return timeConversion(name, formats.dateFormat, date);
  if (name === 'TIMESTAMP') return timeConversion(name, formats.timestampFormat, isoTimestamp);
  if (name === 'TIMESTAMPTZ' || name === 'TIMESTAMP WITH TIME ZONE') {
    return zonedConversion(formats.timestampFormat);
  }
  throw unknownType(type, path);
}

/** SQL `WHEN`s that tell which kind of date or time the text `value` is. */
export function timeKinds(value: string, formats: TimeFormats): string {
  return whens(
    kinds(formats).filter(({ type = '' }) => /^(DATE|TIME)/.test(type)),
    value,
  );
}

/** SQL that sums up which kinds of value stand in the text column `value`; `detectedType` reads the result. */
export function detectKinds(value: string, formats: TimeFormats): string {
  return `bit_or(CASE WHEN ${value} IS NULL THEN 0 ${whens(kinds(formats), value)} ELSE ${textBit} END)`;
}

/** The narrowest type that holds every value of a column with these kinds exactly. */
export function detectedType(found: number, formats: TimeFormats): string {
  const fitting = kinds(formats).find(
    ({ type, accepts }) => type !== undefined && found !== 0 && (found & ~accepts) === 0,
  );
  return fitting?.type ?? 'VARCHAR';
}

interface Kind {
  bit: number;
  type?: string;
  /** The kinds that may stand together in a column of this type. */
  accepts: number;
  test(value: string): string;
}

/** The bit of text in what `detectKinds` finds. */
export const textBit = 256;

/**
 * In the order in which they are tried. Numbers with leading zeros or more digits than the type keeps are text: they are
 * codes, and a code must come out as it went in.
 */
function kinds(formats: TimeFormats): Kind[] {
  const zoned = /%[zZ]/.test(formats.timestampFormat ?? '');
  const timestamp = conversionTo(zoned ? 'TIMESTAMPTZ' : 'TIMESTAMP', formats, '');
  return [
    { bit: 1, type: 'BIGINT', accepts: 1 | 2, test: matching(' *-?(0|[1-9][0-9]{0,14}) *') },
    { bit: 2, accepts: 2, test: matching(' *-?[1-9][0-9]{15,17} *') },
    {
      bit: 4,
      type: 'DOUBLE',
      accepts: 1 | 4,
      test: both(
        matching(' *-?(0|[1-9][0-9]{0,14})?([.]0*[0-9]{1,17})?([eE][+-]?[0-9]{1,3})? *'),
        (value) => `isfinite(TRY_CAST(${value} AS DOUBLE))`,
      ),
    },
    { bit: 8, type: 'DATE', accepts: 8, test: conversionTo('DATE', formats, '').fits },
    { bit: 16, type: timestamp.type, accepts: formats.timestampFormat ? 16 : 8 | 16, test: timestamp.fits },
    {
      bit: 32,
      type: 'TIMESTAMPTZ',
      accepts: 32,
      test: both(matching(`${date}[ T]${time} ?${zone}`), (value) => `TRY_CAST(${value} AS TIMESTAMPTZ) IS NOT NULL`),
    },
    { bit: 64, type: 'TIME', accepts: 64, test: castConversion('TIME', time).fits },
    { bit: 128, type: 'BOOLEAN', accepts: 128, test: (value) => `lower(${value}) IN ('true', 'false')` },
  ];
}

function whens(among: readonly Kind[], value: string): string {
  return among.map(({ bit, test }) => `WHEN ${test(value)} THEN ${bit}`).join(' ');
}

function matching(pattern: string): (value: string) => string {
  return (value) => `regexp_full_match(${value}, ${quoteLiteral(pattern)})`;
}

function both(first: (value: string) => string, second: (value: string) => string): (value: string) => string {
  return (value) => `(${first(value)} AND coalesce(${second(value)}, false))`;
}

function castConversion(type: string, pattern?: string): Conversion {
  const fits = (value: string) => `TRY_CAST(${value} AS ${type}) IS NOT NULL`;
  return {
    type,
    fits: pattern === undefined ? fits : both(matching(` *${pattern} *`), fits),
    convert: (value) => `CAST(${value} AS ${type})`,
  };
}

/** A number too large for the type would become infinite. */
function realConversion(type: string): Conversion {
  const cast = castConversion(type);
  const overflows = (value: string) => `(isinf(TRY_CAST(${value} AS ${type})) AND regexp_matches(${value}, '[0-9]'))`;
  return { ...cast, fits: (value) => `${cast.fits(value)} AND NOT ${overflows(value)}` };
}

function decimalConversion(width: number, scale: number, path: string): Conversion {
  if (width < 1 || width > 38 || scale > width) throw unknownType(`DECIMAL(${width}, ${scale})`, path);
  const type = `DECIMAL(${width}, ${scale})`;
  const pattern = `[+-]?[0-9]*([.][0-9]{0,${scale}}0*)?`;
  if (width <= 18) return castConversion(type, pattern);
  const cast = (value: string, last: string) => `coalesce(${[...quickDecimals(value, width, scale), last].join(', ')})`;
  return {
    type,
    fits: both(matching(` *${pattern} *`), (value) => `${cast(value, `TRY_CAST(${value} AS ${type})`)} IS NOT NULL`),
    convert: (value) => cast(value, `CAST(${value} AS ${type})`),
  };
}

/**
 * DuckDB turns text into a DECIMAL of more than 18 digits a hundred times slower than into a narrower one or an integer. These
 * ways round it give the same number for text that matches the pattern of a decimal, and NULL where they cannot.
 */
function quickDecimals(value: string, width: number, scale: number): string[] {
  const type = `DECIMAL(${width}, ${scale})`;
  if (scale === 0)
    return ['BIGINT', 'HUGEINT'].map((integer) => `TRY_CAST(TRY_CAST(${value} AS ${integer}) AS ${type})`);
  const narrow = scale < 18 ? [`TRY_CAST(${value} AS DECIMAL(18, ${scale}))::${type}`] : [];
  if (scale === width) return narrow;
  // All digits as one integer, with the fraction filled up to the scale, and then the point put back.
  const filled = `trim(${value}) || CASE WHEN contains(${value}, '.') THEN '' ELSE '.' END || '${'0'.repeat(scale)}'`;
  const digits = `regexp_replace(${filled}, '^([+-]?[0-9]*)[.]([0-9]{${scale}}).*$', '\\1\\2')`;
  const integer = `TRY_CAST(TRY_CAST(${digits} AS HUGEINT) AS DECIMAL(${width - scale}, 0))`;
  const unit = `'0.${'1'.padStart(scale, '0')}'::DECIMAL(${scale}, ${scale})`;
  return [...narrow, `CASE WHEN regexp_matches(${value}, '[0-9]') THEN ${integer} * ${unit} END`];
}

function timeConversion(type: string, format: string | undefined, pattern: string): Conversion {
  if (format === undefined) return castConversion(type, pattern);
  const literal = quoteLiteral(format);
  return {
    type,
    fits: (value) => `try_strptime(${value}, ${literal}) IS NOT NULL`,
    convert: (value) => `CAST(strptime(${value}, ${literal}) AS ${type})`,
  };
}

/** Warehouses write a blank before the zone, or UTC, which DuckDB does not read. */
function zonedConversion(format: string | undefined): Conversion {
  const conversion = timeConversion('TIMESTAMPTZ', format, `${isoTimestamp} ?(UTC|${zone})?`);
  if (format !== undefined) return conversion;
  const tight = (value: string) => `regexp_replace(${value}, ' ([+-][0-9:]+)$', '\\1')`;
  return {
    type: conversion.type,
    fits: (value) => conversion.fits(tight(value)),
    convert: (value) => conversion.convert(tight(value)),
  };
}

function unknownType(type: string, path: string): InvalidInputError {
  const known = [
    ...integerTypes,
    'DECIMAL(width, scale)',
    ...realTypes,
    ...castTypes,
    'VARCHAR',
    'DATE',
    'TIME',
    'TIMESTAMP',
    'TIMESTAMPTZ',
  ];
  return new InvalidInputError([{ path, message: `"${type}" is not a type; use one of ${known.join(', ')}.` }]);
}
