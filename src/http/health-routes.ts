import type { RequestHandler } from 'express';

/** Something the bridge needs to take changes; rejects when it is not to be had. */
export type HealthCheck = () => Promise<unknown>;

/** `GET /livez`: the process answers; nothing else is asked. */
export const livez: RequestHandler = (_request, response) => {
  response.json({ status: 'ok' });
};

/** `GET /metrics`: what operators watch, in Prometheus' text format. */
export const metrics =
  (exposition: () => Promise<{ contentType: string; text: string }>): RequestHandler =>
  async (_request, response) => {
    const { contentType, text } = await exposition();
    response.set('Content-Type', contentType).send(text);
  };

/** `GET /readyz`: 200 when everything a change needs is there, else 503; says which is not, or that the bridge stops. */
export const readyz =
  (checks: Readonly<Record<string, HealthCheck>>, isStopping: () => boolean): RequestHandler =>
  async (_request, response) => {
    if (isStopping()) {
      response.status(503).json({ status: 'stopping' });
      return;
    }
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const status = await check().then(
          () => 'ok' as const,
          () => 'unavailable' as const,
        );
        return [name, status] as const;
      }),
    );
    const ready = results.every(([, status]) => status === 'ok');
    response.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(results) });
  };
