/** Where PLCs answer: one line, on which one request is under way at a time. */
export type TcpEndpoint = { host: string; port: number; timeoutMs: number };
export type SerialEndpoint = {
  serial: string;
  baudRate: number;
  dataBits?: 7 | 8;
  parity?: 'none' | 'even' | 'odd';
  stopBits?: 1 | 2;
  timeoutMs: number;
};
export type Endpoint = TcpEndpoint | SerialEndpoint;

/** What it is called, and what two that are the same share. */
export const endpointName = (endpoint: Endpoint): string =>
  'serial' in endpoint ? endpoint.serial : `${endpoint.host}:${endpoint.port}`;
