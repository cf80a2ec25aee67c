import type { Queryable } from './database.ts';

export type SpoolKey = { feederId: string; spoolId: string };
/** Some numbers of one spool, at least one. */
export type SpoolSeqs = SpoolKey & { seqs: ReadonlySet<number> };

/** Numbers from the one to the other, both included. */
export type SeqRange = { from: number; through: number };

/**
 * Locks spools until the transaction ends, making those that are not known yet, and tells for each, in the order of asking,
 * which of its numbers are not dealt with yet. No spool may come twice.
 */
export async function lockSpools(tx: Queryable, spools: readonly SpoolSeqs[], nowMs: number): Promise<Set<number>[]> {
  if (spools.length === 0) return [];
  let dealtWith = await selectForUpdate(tx, spools);
  const missing = spools.filter((_, index) => !dealtWith.has(index));
  if (missing.length > 0) {
    // Waits for whoever is making the same just now, so that what it stored is seen.
    await tx.query(
      `INSERT INTO record_spool (feeder_id, spool_id, first_at) SELECT feeder_id, spool_id, $3
       FROM unnest($1::text[], $2::text[]) AS made (feeder_id, spool_id) ON CONFLICT DO NOTHING`,
      [missing.map(({ feederId }) => feederId), missing.map(({ spoolId }) => spoolId), new Date(nowMs)],
    );
    dealtWith = await selectForUpdate(tx, spools);
  }
  return spools.map(({ seqs }, index) => {
    const ranges = dealtWith.get(index) ?? [];
    return new Set([...seqs].filter((seq) => !ranges.some(({ from, through }) => from <= seq && seq <= through)));
  });
}

/** By place in `spools`: the ranges that are dealt with, as far as they touch what is asked for. */
async function selectForUpdate(tx: Queryable, spools: readonly SpoolSeqs[]): Promise<Map<number, SeqRange[]>> {
  const { rows } = await tx.query<{ place: number; dealt_with: string }>(
    {
      name: 'lock-spools',
      text: `SELECT (place - 1)::integer AS place, (seqs * int8multirange(int8range(low, high, '[]')))::text AS dealt_with
       FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY
         AS asked (feeder_id, spool_id, low, high, place)
       JOIN record_spool USING (feeder_id, spool_id) FOR UPDATE OF record_spool`,
    },
    [
      spools.map(({ feederId }) => feederId),
      spools.map(({ spoolId }) => spoolId),
      spools.map(({ seqs }) => Math.min(...seqs)),
      spools.map(({ seqs }) => Math.max(...seqs)),
    ],
  );
  return new Map(rows.map(({ place, dealt_with }) => [place, rangesIn(dealt_with)]));
}

/**
 * Notes numbers as dealt with, and those that are gone for good; tells how far each spool's are without a gap, from the last
 * of `seqs` on.
 */
export async function addSeqs(tx: Queryable, spools: readonly (SpoolSeqs & { gone: readonly SeqRange[] })[]): Promise<(SpoolKey & { throughSeq: number; heldThrough: number })[]> {
  if (spools.length === 0) return [];
  const { rows } = await tx.query<SpoolKey & { throughSeq: number; heldThrough: number }>(
    {
      name: 'add-seqs',
      text: `UPDATE record_spool SET seqs = seqs + more::int8multirange
       FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS added (feeder_id, spool_id, more, high)
       WHERE record_spool.feeder_id = added.feeder_id AND record_spool.spool_id = added.spool_id
       RETURNING record_spool.feeder_id AS "feederId", record_spool.spool_id AS "spoolId",
         (SELECT upper(held) - 1 FROM unnest(seqs) AS held WHERE held @> high) AS "throughSeq",
         upper(seqs) - 1 AS "heldThrough"`,
    },
    [
      spools.map(({ feederId }) => feederId),
      spools.map(({ spoolId }) => spoolId),
      spools.map(({ seqs, gone }) => multirangeOf(seqs, gone)),
      spools.map(({ seqs }) => Math.max(...seqs)),
    ],
  );
  return rows;
}

/** As Postgres reads it: `{[1,3],[9,11]}`; it joins what overlaps. */
function multirangeOf(seqs: ReadonlySet<number>, gone: readonly SeqRange[]): string {
  const ranges: SeqRange[] = [];
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && seq === last.through + 1) last.through = seq;
    else ranges.push({ from: seq, through: seq });
  }
  return `{${[...ranges, ...gone].map(({ from, through }) => `[${from},${through}]`).join(',')}}`;
}

/** As Postgres writes it: `{[1,4),[9,12)}`. */
const rangesIn = (multirange: string): SeqRange[] =>
  [...multirange.matchAll(/\[(\d+),(\d+)\)/g)].map(([, from, end]) => ({ from: Number(from), through: Number(end) - 1 }));

/** Every spool that any of these feeders told records of. */
export async function selectSpoolIds(db: Queryable, feederIds: readonly string[]): Promise<SpoolKey[]> {
  const { rows } = await db.query<SpoolKey>(
    'SELECT feeder_id AS "feederId", spool_id AS "spoolId" FROM record_spool WHERE feeder_id = ANY ($1) ORDER BY first_at',
    [feederIds],
  );
  return rows;
}
