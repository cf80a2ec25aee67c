import { get, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { ADMIN_KEY, eventually, type TestBridge } from './bridge.ts';
import { sharedCheck } from './openapi-check.ts';

/** An event as it came; the data was held against the OpenAPI document. */
export type Told = { type: string; id: string | undefined; data: Record<string, unknown> };

type Options = { query?: string; lastEventId?: string | undefined; key?: string };

/** One who follows the events, as HTML says how (9.2). It ends with the test. */
export class EventStream {
  readonly answer: IncomingMessage;
  /** All that came so far. */
  readonly told: Told[] = [];
  readonly comments: string[] = [];
  /** What to send as `Last-Event-ID`. */
  lastEventId: string | undefined;
  retryMs: number | undefined;
  /** Resolves when the stream is over, however it ended. */
  readonly over: Promise<void>;

  private constructor(answer: IncomingMessage, faultsIn: (data: unknown) => string[]) {
    this.answer = answer;
    this.over = new Promise((resolve) => answer.once('close', resolve));
    // What it is cut off with.
    answer.on('error', () => undefined);
    let rest = '';
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block, faultsIn);
    });
  }

  /** Rejects where it is not answered 200. */
  static async open({ url }: TestBridge, { query = '', lastEventId, key = ADMIN_KEY }: Options = {}): Promise<EventStream> {
    const check = await sharedCheck(() => fetch(`${url}/openapi.json`));
    const headers = { Authorization: `Bearer ${key}`, ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }) };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = get(`${url}/api/v1/events${query}`, { headers, agent: false }, resolve).once('error', reject);
      onTestFinished(() => void request.destroy());
    });
    if (answer.statusCode !== 200) throw new Error(`following the events was answered ${answer.statusCode}`);
    const told = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
    check.check({
      method: 'GET',
      path: `/events${query}`,
      requestHeaders: new Headers(headers),
      requestBody: undefined,
      status: answer.statusCode,
      headers: new Headers(told),
      body: '',
    });
    return new EventStream(answer, (data) => check.faultsIn({ $ref: 'components#/$defs/Event' }, data, 'data'));
  }

  /** Resolves with the first event that fits, there or still to come. */
  find(fits: (told: Told) => boolean): Promise<Told> {
    return eventually(() => this.told.find(fits));
  }

  /** Goes away, as one who closes the page. */
  close(): void {
    this.answer.destroy();
  }

  #take(block: string, faultsIn: (data: unknown) => string[]): void {
    const event: Partial<Record<string, string>> = {};
    for (const line of block.split('\n')) {
      const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (field === '') this.comments.push(value);
      else event[field] = value;
    }
    this.lastEventId = event['id'] ?? this.lastEventId;
    if (event['retry'] !== undefined) this.retryMs = Number(event['retry']);
    if (event['data'] === undefined) return;
    const data = JSON.parse(event['data']) as Record<string, unknown>;
    const faults = faultsIn(data);
    if (faults.length > 0) throw new Error(`an event not as /openapi.json says: ${faults.join('; ')}\n${block}`);
    this.told.push({ type: event['event'] ?? 'message', id: event['id'], data });
  }
}
