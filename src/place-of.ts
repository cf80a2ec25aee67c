import type { Socket } from 'node:net';

/** Both ends of a connection: TLS has them of the socket below, and is known by them. */
export const placeOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string => `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
