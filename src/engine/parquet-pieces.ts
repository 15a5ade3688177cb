import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { asyncBufferFromFile, parquetMetadataAsync, type FileMetaData } from 'hyparquet';

/** Consecutive bytes of a Parquet file: one row group, or what stands between row groups or behind the last one. */
export interface ParquetPiece {
  readonly offset: number;
  readonly length: number;
  /** SHA-256 of the bytes, in hex. */
  readonly sha256: string;
}

/**
 * The pieces that a Parquet file consists of, in order and without a gap. The bytes of a row group do not tell where it stands,
 * so a row group with the same rows has the same hash in the next version of the file. Rejects when the file is no Parquet.
 */
export async function parquetPieces(path: string): Promise<ParquetPiece[]> {
  const file = await asyncBufferFromFile(path);
  const groups = rowGroupsOf(await parquetMetadataAsync(file));
  const pieces: ParquetPiece[] = [];
  for (const { first, end } of cover(groups, file.byteLength)) {
    pieces.push({ offset: first, length: end - first, sha256: await hashRange(path, { first, end }) });
  }
  return pieces;
}

interface ByteRange {
  readonly first: number;
  /** Behind the last byte. */
  readonly end: number;
}

function rowGroupsOf({ row_groups }: FileMetaData): ByteRange[] {
  return row_groups.map(({ columns }) => {
    const chunks = columns.flatMap(({ meta_data }) => {
      if (!meta_data) return [];
      const first = Number(meta_data.dictionary_page_offset ?? meta_data.data_page_offset);
      return [{ first, end: first + Number(meta_data.total_compressed_size) }];
    });
    return {
      first: Math.min(...chunks.map(({ first }) => first)),
      end: Math.max(...chunks.map(({ end }) => end)),
    };
  });
}

function cover(ranges: readonly ByteRange[], size: number): ByteRange[] {
  const whole: ByteRange[] = [];
  let at = 0;
  for (const { first, end } of ranges.toSorted((left, right) => left.first - right.first)) {
    if (first < at || end > size || end <= first) throw new Error('row groups of a Parquet file overlap');
    if (first > at) whole.push({ first: at, end: first });
    whole.push({ first, end });
    at = end;
  }
  if (at < size) whole.push({ first: at, end: size });
  return whole;
}

async function hashRange(path: string, { first, end }: ByteRange): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { start: first, end: end - 1, highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
