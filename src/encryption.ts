import type { Socket } from 'node:net';
import type { Server, TlsOptions } from 'node:tls';
import type { Log } from '../machine/log.ts';
import type { Timers } from '../machine/timers.ts';
import { readCertificate, type Certificate, type CertificateFiles } from './certificate.ts';
import { placeOf } from './place-of.ts';

/** How long a client may take to agree on a connection. */
const HANDSHAKE_TIMEOUT_MS = 5_000;
const DAY_MS = 86_400_000;
const WARN_WITHIN_DAYS = 14;
const RENEW = 'put a new one there and send SIGHUP';

export type EncryptionDeps = { wallMs: () => number; timers: Timers; log: Log };

/**
 * The TLS of all ports: one certificate, which can be changed while they listen. Warns in the log, at once and every day,
 * while it expires within 14 days.
 */
export class Encryption {
  readonly #files: CertificateFiles;
  readonly #deps: EncryptionDeps;
  readonly #servers: Server[] = [];
  /** Connections that have not agreed on anything yet, by where they come from. */
  readonly #handshakes = new Map<string, Socket>();
  #certificate: Certificate;
  #stopWarning: () => void = () => undefined;

  /** Throws an error that says what was expected where the files cannot be served. */
  constructor(files: CertificateFiles, deps: EncryptionDeps) {
    const read = readCertificate(files, deps.wallMs());
    if (!read.ok) throw new Error(read.problems.join('; '));
    this.#files = files;
    this.#deps = deps;
    this.#certificate = read.certificate;
    this.#warn();
  }

  /** For a server that is made; hand that to `secure` then. */
  options(protocol: 'http/1.1' | 'mqtt'): TlsOptions {
    return { ...this.#context(), handshakeTimeout: HANDSHAKE_TIMEOUT_MS, ALPNProtocols: [protocol] };
  }

  /** Cuts whoever does not speak TLS to this server, or never gets to the end of greeting it. */
  secure(server: Server): void {
    this.#servers.push(server);
    server.on('connection', (socket: Socket) => {
      const from = placeOf(socket);
      this.#handshakes.set(from, socket);
      socket.once('close', () => this.#ended(from, socket));
    });
    server.on('secureConnection', (socket) => this.#handshakes.delete(placeOf(socket)));
    server.on('tlsClientError', (error, socket) => {
      const address = socket.remoteAddress;
      const code = 'code' in error ? error.code : undefined;
      this.#deps.log.debug({ address, code }, 'tls: expected a TLS handshake; cut off');
      socket.destroy();
    });
  }

  /** Reads the files again. Connections stay as they are, and new ones get what was read; files that cannot be served change nothing. */
  renew(): void {
    const read = readCertificate(this.#files, this.#deps.wallMs());
    if (!read.ok) {
      this.#deps.log.error({ problems: read.problems }, 'tls: the new certificate cannot be served, and the old one stays');
      return;
    }
    this.#certificate = read.certificate;
    for (const server of this.#servers) server.setSecureContext(this.#context());
    this.#deps.log.info({ validTo: new Date(read.certificate.validToMs).toISOString() }, 'tls: new connections get the new certificate');
    this.#warn();
  }

  /** Cuts every connection that is still being agreed on, and warns no more. */
  stop(): void {
    this.#stopWarning();
    for (const socket of this.#handshakes.values()) socket.destroy();
  }

  #context(): TlsOptions {
    const { cert, key } = this.#certificate;
    return { cert, key, minVersion: 'TLSv1.2' };
  }

  #ended(from: string, socket: Socket): void {
    if (this.#handshakes.get(from) === socket) this.#handshakes.delete(from);
  }

  #warn(): void {
    this.#stopWarning();
    const { validToMs } = this.#certificate;
    const days = Math.floor((validToMs - this.#deps.wallMs()) / DAY_MS);
    if (days < WARN_WITHIN_DAYS) {
      const validTo = new Date(validToMs).toISOString();
      if (days < 0) this.#deps.log.error({ validTo }, `tls: the certificate has expired, and nobody connects any more: ${RENEW}`);
      else this.#deps.log.warn({ validTo }, `tls: the certificate expires within ${days + 1} days: ${RENEW}`);
    }
    this.#stopWarning = this.#deps.timers.after(DAY_MS, () => this.#warn());
  }
}
