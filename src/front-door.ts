import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { MachineClocks } from '../machine/clocks.ts';
import type { Log } from '../machine/log.ts';
import type { Timers } from '../machine/timers.ts';
import { createTcpServer, portOf, serveTcp, serveWebSocket, type Accept, type TcpListener } from './broker/listeners.ts';
import { certificateFiles } from './certificate.ts';
import { Encryption } from './encryption.ts';
import { hostInUrl } from './host-in-url.ts';
import { close, createHttpServer, listen } from './http/http-server.ts';
import { Newcomers, type NewcomersDeps } from './newcomers.ts';
import type { Settings } from './settings.ts';
import { addressOf } from './trusted-proxies.ts';

/** The ports that the bridge listens on. */
export type FrontDoor = {
  /** Where REST is served, such as `http://127.0.0.1:3000`; MQTT over WebSocket is at `/mqtt` there. */
  url: string;
  /** The port of MQTT over TCP, where it is served. */
  mqttPort: number | undefined;
  /** Reads the files of the certificate again, for new connections; those there are stay. The log tells what came of it. */
  renewCertificate: () => void;
  /** Takes no more requests, and cuts those that are not answered within `lastAnswersMs`. */
  closeHttp: (lastAnswersMs: number) => Promise<void>;
  /** Takes no more MQTT connections, and closes those there are. */
  closeMqtt: () => Promise<void>;
};

export type FrontDoorDeps = {
  settings: Settings;
  app: RequestListener;
  /** Takes byte streams that speak MQTT, and lets few of those wait that say nothing. */
  broker: { accept: Accept; doorstep: NewcomersDeps['doorstep'] };
  machine: MachineClocks;
  timers: Timers;
  log: Log;
  onProblem: (error: unknown) => void;
};

/**
 * Listens where the settings say, with TLS where they name a certificate. Rejects with an error that says what to do where a
 * port cannot be had or the certificate cannot be served; then nothing listens.
 */
export async function openFrontDoor({ settings, app, broker, machine, timers, log, onProblem }: FrontDoorDeps): Promise<FrontDoor> {
  const { HOST: host, PORT: port, MQTT_PORT: mqttPort, ALLOWED_ORIGINS: allowedOrigins, TRUST_PROXY: trusted } = settings;
  const files = certificateFiles(settings);
  const encryption = files && new Encryption(files, { wallMs: () => machine.wallMs(), timers, log });
  const server = createHttpServer(app, encryption?.options('http/1.1'));
  const mqttServer = createTcpServer(encryption?.options('mqtt'));
  const newcomers = new Newcomers({
    doorstep: broker.doorstep,
    isProxy: (address) => trusted?.(address, 0) ?? false,
    closeIdle: () => server.closeIdleConnections(),
    clock: machine,
    log,
  });
  for (const each of [server, mqttServer]) {
    newcomers.watch(each);
    if (each instanceof TlsServer) encryption?.secure(each);
  }
  const asked = (socket: Socket): void => newcomers.asked(socket);
  for (const event of ['request', 'upgrade']) server.on(event, (request: IncomingMessage) => asked(request.socket));
  mqttServer.on(encryption ? 'secureConnection' : 'connection', asked);
  const accept: Accept = (stream, address) => broker.accept(stream, address);
  const stopWebSockets = serveWebSocket(server, { allowedOrigins, addressOf: (request) => addressOf(request, trusted) }, accept);
  const closeServer = async (lastAnswersMs: number): Promise<void> => {
    const closed = close(server, lastAnswersMs);
    encryption?.stop();
    await closed;
  };
  let tcp: TcpListener | undefined;
  try {
    await listen(server, host, port);
    server.on('error', onProblem);
    if (mqttPort !== undefined) tcp = await serveTcp(mqttServer, host, mqttPort, accept, onProblem);
  } catch (error) {
    await closeServer(0);
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`expected HOST to be of this machine, and PORT and MQTT_PORT to be free: ${why}`, { cause: error });
  }
  return {
    url: urlOf(server, host),
    mqttPort: tcp?.port,
    renewCertificate: () => {
      if (encryption) encryption.renew();
      else log.info('there is no certificate to read again: TLS_CERT_FILE and TLS_KEY_FILE are not set');
    },
    closeHttp: closeServer,
    closeMqtt: async () => {
      const closed = tcp?.close();
      encryption?.stop();
      await Promise.all([stopWebSockets(), closed]);
    },
  };
}

function urlOf(server: Server, host: string): string {
  const protocol = server instanceof TlsServer ? 'https' : 'http';
  return `${protocol}://${hostInUrl(host)}:${portOf(server)}`;
}
