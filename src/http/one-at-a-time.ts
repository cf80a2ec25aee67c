import type { Socket } from 'node:net';
import type { RequestHandler, Response } from 'express';

/**
 * Lets each request of a connection begin when the one before it has been answered (RFC 9112, 9.3.2). Node hands all over
 * that come at once, but tells none except the first when their connection is gone: what it held would be held for ever.
 */
export function oneAtATime(): RequestHandler {
  const latest = new WeakMap<Socket, Response>();
  return ({ socket }, response, next) => {
    const before = latest.get(socket);
    latest.set(socket, response);
    if (before === undefined || before.closed) next();
    else before.once('close', () => {
      if (!socket.destroyed) next();
    });
  };
}
