import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** `npm run demo` in a process of its own, without the build that goes before it. */
export type Demo = {
  /** Lets a browser in, as an admin. */
  signInLink: string;
  /** From the start of the process to the link. */
  readyMs: number;
  stop(): Promise<void>;
};

/** On a quiet machine it takes a tenth of that. */
export const READY_WITHIN_MS = 150_000;

/** Where it is about two in the afternoon, so that the feeders have half a day behind them whenever this runs. */
function zoneInTheAfternoon(): string {
  const hourIn = (timeZone: string): number => Number(new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone }).format());
  const [nearest = 'UTC'] = ZONES.toSorted((one, other) => Math.abs(hourIn(one) - 14) - Math.abs(hourIn(other) - 14));
  return nearest;
}

const ZONES = ['Europe/Madrid', 'Asia/Jerusalem', 'Asia/Dubai', 'Asia/Dhaka', 'Asia/Tokyo', 'Pacific/Auckland', 'Pacific/Honolulu', 'America/Vancouver', 'America/Lima', 'America/Santiago', 'Atlantic/Azores'];

/** Starts it on a free port; resolves when it has printed its link, and rejects when it ends before. */
export async function startDemo(): Promise<Demo> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/main.ts'], {
    env: { ...process.env, PORT: '0', MQTT_PORT: undefined, TZ: zoneInTheAfternoon() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
    await ended;
  };
  const giveUp = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const link = /^\s*(http:\S+\/#sign-in=\S+)$/.exec(line)?.[1];
      if (link === undefined) continue;
      child.stdout.resume();
      return { signInLink: link, readyMs: performance.now() - startedMs, stop };
    }
  } finally {
    clearTimeout(giveUp);
  }
  throw new Error('the demo ended before it printed a link');
}
