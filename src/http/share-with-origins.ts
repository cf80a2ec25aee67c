import cors from 'cors';
import type { RequestHandler } from 'express';

/** What a page may send, and which headers of an answer it may read. */
const ALLOWED = {
  origin: true,
  methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
  allowedHeaders: ['Authorization', 'Content-Type', 'If-Match', 'Idempotency-Key', 'Prefer', 'Last-Event-ID', 'traceparent', 'tracestate', 'X-Request-Id'],
  exposedHeaders: ['ETag', 'Location', 'Retry-After', 'Preference-Applied', 'X-Request-Id'],
  maxAge: 600,
};

/**
 * Lets pages of these origins read the answers, errors too, and answers what their browsers ask beforehand; for before
 * the key is looked at, which browsers do not send along with that. Pages of other origins are told nothing.
 */
export function shareWith(origins: readonly string[]): RequestHandler {
  const answerPreflight = cors(ALLOWED);
  const share = cors({ ...ALLOWED, preflightContinue: true });
  return (request, response, next) => {
    if (origins.length === 0) {
      next();
      return;
    }
    response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined || !origins.includes(origin)) next();
    else if (request.get('Access-Control-Request-Method') === undefined) share(request, response, next);
    else answerPreflight(request, response, next);
  };
}
