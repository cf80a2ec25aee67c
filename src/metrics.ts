import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { OUTCOMES, type Outcome } from '../topics/commands.ts';
import { STAGES, type StageDuration } from './commands/timeline.ts';

/** From a commit on a fast disk to the longest a change may be waited for, in seconds. */
const STAGE_BUCKETS_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What is counted at the moment it is asked for. */
export type Gauges = {
  feeders: () => number;
  leases: () => number;
  mqttClients: () => Readonly<Record<string, number>>;
  databaseConnections: () => { idle: number; busy: number; waiting: number };
  commandsInFlight: () => number;
  recordBytesQueued: () => number;
  eventStreams: () => number;
};

/** The event loop, memory and garbage collection are the process's, whatever runs in it. */
let ofProcess: Registry | undefined;

function processMetrics(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

/** What operators watch, for Prometheus. Nothing here is labelled by feeder: there may be thousands. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #commands: Counter<'outcome'>;
  readonly #refusals: Counter<'code'>;
  readonly #stages: Histogram<'stage'>;
  readonly #requests: Histogram<'operation' | 'status'>;
  readonly #refusedPackets: Counter<'reason'>;
  readonly #records: Counter<'outcome'>;
  readonly #turnedAwayBatches: Counter;
  readonly #droppedStreams: Counter;

  constructor(gauges: Gauges) {
    const registers = [this.#registry];
    this.#commands = new Counter({
      name: 'feederbridge_commands_total',
      help: 'Commands that were sent, by outcome.',
      labelNames: ['outcome'],
      registers,
    });
    this.#refusals = new Counter({
      name: 'feederbridge_changes_refused_total',
      help: 'Changes turned away at the door and never sent, by problem code.',
      labelNames: ['code'],
      registers,
    });
    this.#stages = new Histogram({
      name: 'feederbridge_command_stage_duration_seconds',
      help: 'How long each stage of a command took: door, store, publish, agent, ack, commit.',
      labelNames: ['stage'],
      buckets: STAGE_BUCKETS_SECONDS,
      registers,
    });
    this.#requests = new Histogram({
      name: 'feederbridge_http_request_duration_seconds',
      help: 'How long REST requests took, by operation and status.',
      labelNames: ['operation', 'status'],
      buckets: STAGE_BUCKETS_SECONDS,
      registers,
    });
    this.#refusedPackets = new Counter({
      name: 'feederbridge_mqtt_packets_refused_total',
      help: 'MQTT packets refused: not understood and quarantined, or not allowed.',
      labelNames: ['reason'],
      registers,
    });
    this.#droppedStreams = new Counter({
      name: 'feederbridge_event_streams_dropped_total',
      help: 'Clients that followed the events and were cut off, because they did not take what they were sent.',
      registers,
    });
    this.#records = new Counter({
      name: 'feederbridge_records_total',
      help: 'Records of feeders that were dealt with: stored, or not understood and quarantined.',
      labelNames: ['outcome'],
      registers,
    });
    this.#turnedAwayBatches = new Counter({
      name: 'feederbridge_record_batches_turned_away_total',
      help: 'Batches of records that found no room; their agents send them again.',
      registers,
    });
    // What has not happened yet is shown as none, so that a rate can be taken from the first one on.
    for (const outcome of OUTCOMES) this.#commands.inc({ outcome }, 0);
    for (const stage of STAGES) this.#stages.zero({ stage });
    for (const reason of ['malformed', 'not-allowed']) this.#refusedPackets.inc({ reason }, 0);
    for (const outcome of ['stored', 'quarantined']) this.#records.inc({ outcome }, 0);
    this.#watch(gauges);
  }

  /** A command has its outcome. */
  settled(outcome: Outcome, stages: readonly StageDuration[]): void {
    this.#commands.inc({ outcome });
    for (const { stage, ms } of stages) this.#stages.observe({ stage }, ms / 1000);
  }

  /** A change was turned away. */
  refused(code: string): void {
    this.#refusals.inc({ code });
  }

  /** A REST request was answered. */
  answered(operation: string, status: number, tookMs: number): void {
    this.#requests.observe({ operation, status }, tookMs / 1000);
  }

  eventStreamDropped(): void {
    this.#droppedStreams.inc();
  }

  packetRefused(reason: 'malformed' | 'not-allowed'): void {
    this.#refusedPackets.inc({ reason });
  }

  /** Records were committed. */
  recordsStored(stored: number, quarantined: number): void {
    this.#records.inc({ outcome: 'stored' }, stored);
    this.#records.inc({ outcome: 'quarantined' }, quarantined);
  }

  recordBatchTurnedAway(): void {
    this.#turnedAwayBatches.inc();
  }

  /** All of it as Prometheus reads it. */
  async exposition(): Promise<{ contentType: string; text: string }> {
    const texts = await Promise.all([this.#registry.metrics(), processMetrics().metrics()]);
    return { contentType: this.#registry.contentType, text: texts.join('\n') };
  }

  #watch({ feeders, leases, mqttClients, databaseConnections, commandsInFlight, recordBytesQueued, eventStreams }: Gauges): void {
    this.#gauge('feederbridge_feeders', 'Enrolled feeders.', [], () => [[{}, feeders()]]);
    this.#gauge('feederbridge_leases', 'Feeders whose agent is here and holds its lease.', [], () => [[{}, leases()]]);
    this.#gauge('feederbridge_commands_in_flight', 'Commands without an outcome.', [], () => [[{}, commandsInFlight()]]);
    this.#gauge('feederbridge_event_streams', 'Clients that follow the events.', [], () => [[{}, eventStreams()]]);
    this.#gauge('feederbridge_record_bytes_queued', 'Memory taken by records that wait to be stored, about.', [], () => [[{}, recordBytesQueued()]]);
    this.#gauge('feederbridge_mqtt_clients', 'MQTT connections, by who is connected.', ['kind'], () =>
      Object.entries(mqttClients()).map(([kind, count]) => [{ kind }, count]),
    );
    this.#gauge('feederbridge_database_connections', 'Connections to Postgres, by state.', ['state'], () => {
      const { idle, busy } = databaseConnections();
      return [[{ state: 'idle' }, idle], [{ state: 'busy' }, busy]];
    });
    this.#gauge('feederbridge_database_waiting', 'Statements that wait for a connection.', [], () => [[{}, databaseConnections().waiting]]);
  }

  #gauge(name: string, help: string, labelNames: string[], look: () => [Record<string, string>, number][]): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        for (const [labels, value] of look()) this.set(labels, value);
      },
    });
  }
}
