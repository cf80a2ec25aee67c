import type { RequestHandler } from 'express';

/** Something the bridge needs to take changes; rejects when it is not to be had. */
export type HealthCheck = () => Promise<unknown>;

/** `GET /livez`: the process answers; nothing else is asked. */
export const livez: RequestHandler = (_request, response) => {
  response.json({ status: 'ok' });
};

/** `GET /readyz`: 200 when everything a change needs is there, else 503; says which is not. */
export const readyz =
  (checks: Readonly<Record<string, HealthCheck>>): RequestHandler =>
  async (_request, response) => {
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
