/** How long the issuer may take to answer. Whoever waits for it is a request. */
export const ANSWER_WITHIN_MS = 3_000;
/** How long an answer of the issuer may be, in bytes. */
const MAX_ANSWER = 1024 * 1024;

/** Asks the issuer, follows it nowhere else, and reads its answer whole. Rejects where that is too long or takes too long. */
export async function askIssuer(url: string, request: RequestInit & { signal: AbortSignal }): Promise<Response> {
  const answer = await fetch(url, { ...request, redirect: 'error' });
  const body: AsyncIterable<Uint8Array> | null = answer.body;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_ANSWER) throw new Error(`${url}: expected at most ${MAX_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return new Response(length === 0 ? null : Buffer.concat(chunks), { status: answer.status, headers: answer.headers });
}
