import { sharedCheck } from './openapi-check.ts';

// Every test's requests below /api/v1, and what they are answered, are held against /openapi.json.

const API = '/api/v1';

/** The same, but it rejects where an answer, or a request that was taken, is not as the document says. */
const checked =
  (plainFetch: typeof fetch): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const { method, headers, url } = request;
    // A Request lets go of its signal's followers when it is collected as garbage, and an abort would not arrive.
    const signal = init?.signal ? { signal: init.signal } : {};
    const { origin, pathname, search } = new URL(url);
    // What a browser asks beforehand belongs to no operation.
    if (!pathname.startsWith(API) || method === 'OPTIONS') return plainFetch(request, signal);
    const requestBody = await request.clone().text();
    const answer = await plainFetch(request, signal);
    // Who reads a stream of events checks each; it has no end to be waited for.
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const check = await sharedCheck(() => plainFetch(`${origin}/openapi.json`));
    check.check({
      method,
      path: pathname.slice(API.length) + search,
      requestHeaders: headers,
      requestBody,
      status: answer.status,
      headers: answer.headers,
      body: isStream ? '' : await answer.clone().text(),
    });
    return answer;
  };

// It is set up for each file anew, where files share a process.
if (!('isChecked' in fetch)) globalThis.fetch = Object.assign(checked(fetch), { isChecked: true });
