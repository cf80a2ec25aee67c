import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy whose connections can be cut, or turned half-open: both ends stay up and nothing passes any more. */
export type TcpProxy = {
  port: number;
  /** Connections made so far. */
  connections(): number;
  /** Bytes that the server sent and nobody got. */
  bytesHeldBack(): number;
  /** Holds back everything on the connections that stand, for good, and refuses new ones. */
  goHalfOpen(): void;
  /** Ends the connections that stand, and refuses new ones. */
  cut(): void;
  /** Takes new connections again. */
  reopen(): void;
  close(): Promise<void>;
};

/** Starts a proxy before a port of this machine; whoever opens it closes it. */
export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let pairs: { passes: boolean }[] = [];
  let isOpen = true;
  let connections = 0;
  let bytesHeldBack = 0;
  const server = createServer({ noDelay: true }, (near) => {
    if (!isOpen) {
      near.destroy();
      return;
    }
    connections++;
    const far = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const pair = { passes: true };
    pairs.push(pair);
    far.on('data', (chunk: Buffer) => (bytesHeldBack += pair.passes ? 0 : chunk.length));
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => {
        if (pair.passes) to.write(chunk);
      });
      // An end that is held back is not told to the other side either.
      from.on('close', () => {
        sockets.delete(from);
        if (pair.passes) to.destroy();
      });
      from.on('error', () => from.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    connections: () => connections,
    bytesHeldBack: () => bytesHeldBack,
    goHalfOpen: () => {
      isOpen = false;
      for (const pair of pairs) pair.passes = false;
      pairs = [];
    },
    cut: () => {
      isOpen = false;
      pairs = [];
      dropAll();
    },
    reopen: () => {
      isOpen = true;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      dropAll();
      await closed;
    },
  };
}
