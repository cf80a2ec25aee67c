import { parseArgs } from 'node:util';
import { createLog } from '../machine/log.ts';
import { stopOnSignal } from '../machine/stop-signals.ts';
import { startAgent } from './agent.ts';
import { enrol } from './enrol/enrol.ts';
import { loadSettings } from './settings.ts';
import { formatProblems } from './yaml-file.ts';

const FAILED = 1;
const BAD_SETTINGS = 2;

function die(message: string, exitCode: number): never {
  console.error(message);
  process.exit(exitCode);
}

function configPath(): string {
  try {
    const { values } = parseArgs({ options: { config: { type: 'string' } } });
    if (values.config !== undefined) return values.config;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  return die('usage: npm run agent -- --config agent.yaml, or: npm run agent -- enrol --code CODE', BAD_SETTINGS);
}

const log = createLog('info');
const onUnheard = (error: unknown): never => {
  log.fatal({ err: error }, 'the agent cannot go on');
  return die(error instanceof Error ? error.message : String(error), FAILED);
};
process.on('uncaughtException', onUnheard);
process.on('unhandledRejection', onUnheard);

async function run(): Promise<void> {
  const loaded = await loadSettings(configPath());
  if (!loaded.ok) die(formatProblems(loaded.problems), BAD_SETTINGS);
  const agent = await startAgent(loaded.settings, log).catch(onUnheard);
  console.log(`agent for ${loaded.settings.feeders.map(({ feederId }) => feederId).join(', ')} started`);
  stopOnSignal(() => agent.stop(), (error) => log.error({ err: error }, 'the agent did not stop cleanly'));
}

const [first, ...rest] = process.argv.slice(2);
if (first === 'enrol') process.exitCode = await enrol(rest);
else await run();
