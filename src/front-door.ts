import type { RequestListener, Server } from 'node:http';
import { portOf, serveTcp, serveWebSocket, type Accept, type TcpListener } from './broker/listeners.ts';
import { close, createHttpServer, listen } from './http/http-server.ts';
import type { Settings } from './settings.ts';

/** The ports that the bridge listens on. */
export type FrontDoor = {
  /** Where REST is served, such as `http://127.0.0.1:3000`; MQTT over WebSocket is at `/mqtt` there. */
  url: string;
  /** The port of plain MQTT, where it is served. */
  mqttPort: number | undefined;
  /** Takes no more requests, and cuts those that are not answered within `lastAnswersMs`. */
  closeHttp(lastAnswersMs: number): Promise<void>;
  /** Takes no more MQTT connections, and closes those there are. */
  closeMqtt(): Promise<void>;
};

export type FrontDoorDeps = {
  settings: Settings;
  app: RequestListener;
  /** Takes a byte stream that speaks MQTT. */
  accept: Accept;
  onProblem: (error: unknown) => void;
};

/** Listens where the settings say. Rejects with an error that says what to do where a port cannot be had; then nothing listens. */
export async function openFrontDoor({ settings, app, accept, onProblem }: FrontDoorDeps): Promise<FrontDoor> {
  const server = createHttpServer(app);
  const stopWebSockets = serveWebSocket(server, settings.ALLOWED_ORIGINS, accept);
  let tcp: TcpListener | undefined;
  try {
    await listen(server, settings.HOST, settings.PORT);
    server.on('error', onProblem);
    if (settings.MQTT_PORT !== undefined) tcp = await serveTcp(settings.HOST, settings.MQTT_PORT, accept, onProblem);
  } catch (error) {
    await close(server, 0);
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`expected HOST to be of this machine, and PORT and MQTT_PORT to be free: ${why}`, { cause: error });
  }
  return {
    url: urlOf(server, settings.HOST),
    mqttPort: tcp?.port,
    closeHttp: (lastAnswersMs) => close(server, lastAnswersMs),
    closeMqtt: async () => {
      await Promise.all([stopWebSockets(), tcp?.close()]);
    },
  };
}

const urlOf = (server: Server, host: string): string => `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`;
